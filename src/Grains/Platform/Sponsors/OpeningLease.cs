using System.Text.Json.Serialization;

namespace StellarPay.Grains.Platform.Sponsors;

/// <summary>
/// What a sponsor has used of its share of a day's budget, by whom. A part of the sponsor's state, written with the transaction that
/// uses it. Counted in base reserves, each half an XLM. Property names in stored JSON are a contract.
/// </summary>
[GenerateSerializer, Alias("sp.OpeningLease")]
internal sealed class OpeningLease
{
    /// <summary>The day, in UTC.</summary>
    [Id(0)] public DateOnly Day { get; set; }

    /// <summary>All of it.</summary>
    [Id(1)] public long Reserves { get; set; }

    /// <summary>For people whom nobody invited.</summary>
    [Id(2)] public long Unknown { get; set; }

    /// <summary>By the mark of a range, and of an IPv6 site.</summary>
    [Id(3), JsonConverter(typeof(LeaseTallyConverter))] public Dictionary<ulong, long> ByRange { get; set; } = [];

    /// <summary>By the mark of a mail domain.</summary>
    [Id(4), JsonConverter(typeof(LeaseTallyConverter))] public Dictionary<ulong, long> ByDomain { get; set; } = [];

    /// <summary>Of the transaction that is out: what goes back should it come to nothing. Null without any.</summary>
    [Id(5)] public List<OpeningGrant>? UnderWay { get; set; }

    /// <summary>For accounts that were open before.</summary>
    [Id(6), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public long Reopened { get; set; }

    /// <summary>For payment sessions.</summary>
    [Id(7), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public long Dedicated { get; set; }
}

/// <summary>What was used for one account.</summary>
/// <param name="Day">The day of whose budget it is.</param>
/// <param name="Reserves">How many base reserves.</param>
/// <param name="Range">The mark of the range; null for none.</param>
/// <param name="Domain">The mark of the mail domain; null for none that counts.</param>
/// <param name="Invited">Whether somebody invited him.</param>
/// <param name="Site">The mark of the IPv6 network of 48 bits that the range is in; null for none.</param>
/// <param name="Reopened">Whether the account was open before.</param>
/// <param name="Dedicated">Whether it is a payment session's.</param>
[GenerateSerializer, Immutable, Alias("sp.OpeningGrant")]
internal sealed record OpeningGrant(
    [property: Id(0)] DateOnly Day,
    [property: Id(1)] long Reserves,
    [property: Id(2)] ulong? Range,
    [property: Id(3)] ulong? Domain,
    [property: Id(4)] bool Invited,
    [property: Id(5)] ulong? Site = null,
    [property: Id(6)] bool Reopened = false,
    [property: Id(7)] bool Dedicated = false);
