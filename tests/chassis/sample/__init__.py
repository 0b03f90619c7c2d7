"""A tiny service on the chassis, so that the kit is tested without any business."""
