using Microsoft.AspNetCore.Components;

namespace StellarPay.Frontdoor.Checkout.Page;

/// <summary>The part of the page on which what is held for payers is claimed.</summary>
public sealed partial class CheckoutRefunds
{
    /// <summary>What came, one by one.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<RefundClaimModel> Refunds { get; set; } = [];
}
