using Microsoft.AspNetCore.Components;

namespace StellarPay.Frontdoor.Checkout.Page;

/// <summary>The page.</summary>
public sealed partial class CheckoutPage
{
    /// <summary>What is shown.</summary>
    [Parameter, EditorRequired]
    public CheckoutPageModel Model { get; set; } = null!;

    private string Title => Model.Title ?? (Model.MerchantName.Length > 0 ? Model.Texts.Of("pay_to", Model.MerchantName)
        : Model.Texts[Model.State == "busy" ? "busy" : "not_found"]);

    private string? BrandStyle =>
        Model.BrandColor is { } color ? $"{CheckoutFiles.Folder}brand-{color.TrimStart('#').ToLowerInvariant()}.css" : null;
}
