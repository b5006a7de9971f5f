using StellarPay.Adapters.Postgres.Compliance;

namespace StellarPay.Frontdoor.Compliance;

/// <summary>An entry of the deny list.</summary>
/// <param name="Object">Always <c>deny_entry</c>.</param>
/// <param name="Id">Kind and value, such as <c>domain:example.com</c>.</param>
/// <param name="Kind"><c>address</c>, <c>user</c> or <c>domain</c>.</param>
/// <param name="Value">What is denied.</param>
/// <param name="Reason">Why.</param>
/// <param name="AddedBy">The administrator who put it there.</param>
/// <param name="AddedAt">When.</param>
internal sealed record DenyEntryJson(
    string Object, string Id, string Kind, string Value, string Reason, string AddedBy, DateTimeOffset AddedAt)
{
    public static DenyEntryJson Of(DenyEntry entry) => new(
        "deny_entry",
        new DenyName(entry.Kind, entry.Value).Id,
        entry.Kind,
        entry.Value,
        entry.Reason,
        entry.AddedBy,
        entry.AddedAt);
}
