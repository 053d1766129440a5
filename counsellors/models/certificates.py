"""Defines the models of certificates. Every reader checks the signatures, so nobody can make a certificate
valid by changing a row."""

from django.db import models

from helpline.lib import encoding

POINT = 87  # length of 65 bytes in base64url
SIGNATURE = 86


class Signer(models.Model):
    """Stores a supervisor's second key, with which they sign certificates. The private half is in the browser
    of `device`."""

    key = models.CharField(max_length=POINT, primary_key=True, help_text="uncompressed P-256 point")
    device = models.OneToOneField("counsellors.Device", on_delete=models.CASCADE, related_name="signer")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class Scope(models.Model):
    """Stores a root's signed statement of who may sign for a line or a service with a desk. Times are Unix
    seconds."""

    kind = models.CharField(max_length=7, help_text="line or service")
    slug = models.CharField(max_length=50)
    serial = models.PositiveBigIntegerField(help_text="of the session in which all scopes were signed")
    not_after = models.PositiveBigIntegerField()
    quorum = models.PositiveSmallIntegerField(help_text="signatures under a review key")
    signers = models.JSONField(help_text="points, ascending")
    root = models.CharField(max_length=POINT)
    sig = models.CharField(max_length=SIGNATURE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="one_scope")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug} {self.serial}"


class Certificate(models.Model):
    """Stores a signed statement that a key is valid for a scope between two Unix seconds. `sigs` holds each
    signer with their signature; a review key may need two signatures."""

    id = models.CharField(max_length=22, primary_key=True, default=encoding.new_id)
    use = models.CharField(max_length=7, help_text="device, review or letters")
    kind = models.CharField(max_length=7)
    slug = models.CharField(max_length=50)
    key = models.BinaryField(max_length=65)
    not_before = models.PositiveBigIntegerField()
    not_after = models.PositiveBigIntegerField()
    sigs = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["use", "kind", "slug", "key", "not_before", "not_after"], name="one_certificate"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.use} {self.kind} {self.slug} until {self.not_after}"
