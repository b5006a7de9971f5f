namespace StellarPay.Grains.Storage;

/// <summary>
/// Something that is found in a list as soon as it is made: the write that stores it puts it there, under a number by which lists are
/// paged. Written again it changes the status there.
/// </summary>
/// <param name="Scope">Whose list: a merchant's id.</param>
/// <param name="Kind">What kind of thing, such as <c>payment_session</c>.</param>
/// <param name="Id">Its id.</param>
/// <param name="At">When it was made, by business time.</param>
/// <param name="Status">Its status, as its state writes it, by which a list may be asked for; null for none.</param>
/// <param name="Origin">The id of what it was made by, by which a list may be asked for; null for nothing. It never changes.</param>
public sealed record ListedObject(string Scope, string Kind, string Id, DateTimeOffset At, string? Status = null, string? Origin = null);
