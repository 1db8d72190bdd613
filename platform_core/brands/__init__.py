"""Brands and their shops."""

from platform_core.brands.onboarding import (
    MAX_NAME_LENGTH,
    Brand,
    BrandNameTaken,
    BrandNotReady,
    BrandUnknown,
    apply,
    brand,
    certify,
    ready_brand,
    suspend,
    verify,
)
from platform_core.brands.shops import Shop, ShopUnknown, close_shop, open_shop, shop

__all__ = [
    "MAX_NAME_LENGTH",
    "Brand",
    "BrandNameTaken",
    "BrandNotReady",
    "BrandUnknown",
    "Shop",
    "ShopUnknown",
    "apply",
    "brand",
    "certify",
    "close_shop",
    "open_shop",
    "ready_brand",
    "shop",
    "suspend",
    "verify",
]
