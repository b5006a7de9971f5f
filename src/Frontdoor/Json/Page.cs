namespace StellarPay.Frontdoor.Json;

/// <summary>A page of a list.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">The page.</param>
/// <param name="HasMore">Whether more follow; ask for them with <c>starting_after</c> and the last id of this page.</param>
internal sealed record Page<T>(string Object, IReadOnlyList<T> Data, bool HasMore);
