using Microsoft.AspNetCore.Components;

namespace StellarPay.Frontdoor.Checkout.Page;

/// <summary>The part of the page that says what is to be sent, and where.</summary>
public sealed partial class CheckoutPay
{
    /// <summary>The language.</summary>
    [Parameter, EditorRequired]
    public CheckoutTexts Texts { get; set; } = null!;

    /// <summary>What is to be paid.</summary>
    [Parameter, EditorRequired]
    public CheckoutPayModel Pay { get; set; } = null!;

    /// <summary>Who is to be paid.</summary>
    [Parameter, EditorRequired]
    public string MerchantName { get; set; } = "";

    /// <summary>Whether a wallet's page would come up within a shop's: it gets a window of its own.</summary>
    [Parameter]
    public bool InFrame { get; set; }
}
