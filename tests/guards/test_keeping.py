"""Every model has a rule for how long its rows are kept."""

from django.apps import apps

from helpline import keeping


def test_every_model_has_a_retention_rule_and_every_rule_a_model() -> None:
    models = {model._meta.label for model in apps.get_models(include_auto_created=False)}
    ruled = set(keeping.rules())
    assert sorted(models - ruled) == [], "add the model to helpline/keeping.py, or its app's, with its rule"
    assert sorted(ruled - models) == [], "a keeping.py names a model that is gone"
