using Microsoft.AspNetCore.Components;

namespace StellarPay.Frontdoor.Checkout.Page;

/// <summary>The part of the page on which somebody logs in and pays from his wallet here.</summary>
public sealed partial class CheckoutWallet
{
    /// <summary>The language.</summary>
    [Parameter, EditorRequired]
    public CheckoutTexts Texts { get; set; } = null!;

    /// <summary>The step.</summary>
    [Parameter, EditorRequired]
    public CheckoutWalletModel Wallet { get; set; } = null!;

    /// <summary>What the merchant is called, where a text has a place for it.</summary>
    [Parameter, EditorRequired]
    public string MerchantName { get; set; } = "";

    private string? Described => Wallet.Wrong is null ? null : "wrong";
}
