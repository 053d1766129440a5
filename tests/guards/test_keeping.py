"""No model without a rule for how long its rows are kept."""

from django.apps import apps

from helpline.keeping import RULES


def test_every_model_has_a_retention_rule_and_every_rule_a_model() -> None:
    models = {model._meta.label for model in apps.get_models(include_auto_created=False)}
    assert sorted(models - set(RULES)) == [], "add the model to helpline/keeping.py, with its rule"
    assert sorted(set(RULES) - models) == [], "helpline/keeping.py names a model that is gone"
