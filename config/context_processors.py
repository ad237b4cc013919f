def frame(request):
    """What the frame of every page shows."""
    return {}
