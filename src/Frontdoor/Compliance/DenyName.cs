using System.Diagnostics.CodeAnalysis;
using StellarPay.Adapters.Postgres.Compliance;
using StellarPay.Grains.Identifiers;
using StellarPay.Stellar.Sep2;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Frontdoor.Compliance;

/// <summary>What an entry of the deny list names, in the one form in which it is stored.</summary>
internal sealed record DenyName(string Kind, string Value)
{
    /// <summary>Kind and value in one, such as <c>domain:example.com</c>.</summary>
    public string Id => $"{Kind}:{Value}";

    /// <summary>Reads an entry's kind and value, if they are some.</summary>
    public static bool TryParse(string kind, string value, [NotNullWhen(true)] out DenyName? name)
    {
        name = kind switch
        {
            DenyKinds.Address when MuxedAccount.TryParse(value, out var account) => new(kind, account.AccountId.ToString()),
            DenyKinds.User when UserId.TryParse(value, out var user) => new(kind, user.Value),
            // The rules of domain names are those of federated addresses.
            DenyKinds.Domain when FederationAddress.TryParse($"x*{value}", out var address) => new(kind, address.Domain),
            _ => null,
        };
        return name is not null;
    }

    /// <summary>Reads an entry's id, if it is one.</summary>
    public static bool TryParseId(string id, [NotNullWhen(true)] out DenyName? name)
    {
        name = null;
        var colon = id.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && TryParse(id[..colon], id[(colon + 1)..], out name);
    }
}
