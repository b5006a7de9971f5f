using StellarPay.Grains.Payments;

namespace StellarPay.Frontdoor.Recipients;

/// <summary>Who is paid.</summary>
/// <param name="Address">The account, <c>G…</c> or <c>M…</c>.</param>
/// <param name="Name">How the payer named him; where that was a contact, how the contact names him.</param>
/// <param name="Kind">Which kind of name that is.</param>
/// <param name="Facts">What else is known of him.</param>
/// <param name="Memo">The memo that his domain wants (SEP-2), or null.</param>
internal sealed record Recipient(string Address, string Name, RecipientKind Kind, RecipientFacts Facts, string? Memo = null);
