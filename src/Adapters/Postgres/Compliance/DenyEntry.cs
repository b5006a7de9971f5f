namespace StellarPay.Adapters.Postgres.Compliance;

/// <summary>One line of the deny list.</summary>
/// <param name="Kind">One of <see cref="DenyKinds"/>.</param>
/// <param name="Value">An address <c>G…</c>, a user's id, or a domain in lower case.</param>
/// <param name="Reason">Why it is on the list.</param>
/// <param name="AddedBy">The administrator who put it there.</param>
/// <param name="AddedAt">When.</param>
public sealed record DenyEntry(string Kind, string Value, string Reason, string AddedBy, DateTimeOffset AddedAt);

/// <summary>What can be on the deny list, as it is stored.</summary>
public static class DenyKinds
{
    /// <summary>An account on the network, by its <c>G…</c> address; all its muxed addresses with it.</summary>
    public const string Address = "address";

    /// <summary>A user of ours, and with him his wallet.</summary>
    public const string User = "user";

    /// <summary>A domain of federated addresses, and all below it.</summary>
    public const string Domain = "domain";
}
