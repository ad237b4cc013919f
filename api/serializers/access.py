"""From a name and a password to a token."""

from rest_framework import serializers

from api.serializers.fields import Text


class TokenSerializer(serializers.Serializer):
    username = Text(max_length=150)
    password = serializers.CharField(max_length=128, trim_whitespace=False, write_only=True)
    token = serializers.CharField(read_only=True)
