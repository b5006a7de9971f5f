using StellarPay.Grains.Payments;

namespace StellarPay.Frontdoor.Recipients;

/// <summary>Who is paid.</summary>
/// <param name="Address">The account, <c>G…</c> or <c>M…</c>.</param>
/// <param name="Name">How the payer named him; where that was a contact, how the contact names him.</param>
/// <param name="Kind">Which kind of name that is.</param>
/// <param name="Facts">What else is known of him.</param>
/// <param name="Memo">The memo that his domain (SEP-2) or a payment session wants, or null.</param>
/// <param name="Dues">What can be paid to him, where that is a payment session; else null.</param>
internal sealed record Recipient(
    string Address, string Name, RecipientKind Kind, RecipientFacts Facts, string? Memo = null, SessionDues? Dues = null);
