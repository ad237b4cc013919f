"""Tenants: who they are, a new name, two that are one."""

from rest_framework import serializers

from tenants.models import Tenant
from tenants.services.merging import CHOICES


class TenantSerializer(serializers.ModelSerializer):
    former_names = serializers.SlugRelatedField("name", many=True, read_only=True)

    class Meta:
        model = Tenant
        fields = [
            "id", "kind", "name", "uscc", "uscc_override_reason", "founded_on", "field",
            "industry_code", "chain", "former_names", "merged_into", "merged_on",
        ]  # fmt: skip
        read_only_fields = ["merged_into", "merged_on"]
        extra_kwargs = {
            # The service normalises the code, asks its rules and whether it is taken.
            "uscc": {"validators": [], "max_length": 40, "required": False, "allow_null": True},
        }


class RenameSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    effective_on = serializers.DateField()
    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=500)


class MergeTenantsSerializer(serializers.Serializer):
    """``take``: names of the columns whose value comes from ``other``."""

    keep = serializers.PrimaryKeyRelatedField(queryset=Tenant.objects.all())
    other = serializers.PrimaryKeyRelatedField(queryset=Tenant.objects.all())
    take = serializers.MultipleChoiceField(choices=CHOICES, required=False, default=())
    prefer_other = serializers.BooleanField(required=False, default=False)
    reason = serializers.CharField(max_length=500)
