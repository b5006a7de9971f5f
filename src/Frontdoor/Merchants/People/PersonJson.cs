namespace StellarPay.Frontdoor.Merchants.People;

/// <summary>Somebody who is of a business, or is invited to it.</summary>
/// <param name="Object">Always <c>merchant_person</c>.</param>
/// <param name="Id">The user's id, <c>usr_…</c>, or, of an invitation, its own, <c>mpi_…</c>.</param>
/// <param name="Merchant">The business, <c>mer_…</c>.</param>
/// <param name="Status"><c>active</c> or <c>invited</c>.</param>
/// <param name="Role"><c>owner</c>, <c>developer</c>, <c>finance</c> or <c>viewer</c>.</param>
/// <param name="Email">His e-mail address, or the one that was invited; null where he has none.</param>
/// <param name="Since">Since when.</param>
/// <param name="ExpiresAt">Until when an invitation holds; null of who is of the business.</param>
internal sealed record PersonJson(
    string Object, string Id, string Merchant, string Status, string Role, string? Email, DateTimeOffset Since, DateTimeOffset? ExpiresAt)
{
    // A name does not belong into a log.
    public override string ToString() => Id;
}

/// <summary>Somebody who is to be of a business.</summary>
/// <param name="Email">His e-mail address; he is sent a code.</param>
/// <param name="Role"><c>owner</c>, <c>developer</c>, <c>finance</c> or <c>viewer</c>.</param>
/// <param name="Password">The user's password, as long as he has no second factor. Whoever has one shows that.</param>
internal sealed record InvitePersonRequest(string? Email, string? Role, string? Password = null);

/// <summary>What somebody is to be.</summary>
/// <param name="Role"><c>owner</c>, <c>developer</c>, <c>finance</c> or <c>viewer</c>.</param>
/// <param name="Password">The user's password, as long as he has no second factor. Whoever has one shows that.</param>
internal sealed record PersonChangeRequest(string? Role, string? Password = null);

/// <summary>An invitation that is taken up.</summary>
/// <param name="Code">Five groups of five letters and digits, as they were sent to the address that was invited.</param>
internal sealed record JoinRequest(string? Code);
