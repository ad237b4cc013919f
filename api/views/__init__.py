"""The resources. Reading walks ``visible_to``; every act calls its service."""
