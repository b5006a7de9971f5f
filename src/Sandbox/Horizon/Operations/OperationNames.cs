using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Operations;

/// <summary>Horizon's names: the protocol's words in snake case.</summary>
internal static class OperationNames
{
    public static string Of(OperationType type) => type switch
    {
        OperationType.SetTrustLineFlags => "set_trust_line_flags",
        OperationType.ExtendFootprintTtl => "extend_footprint_ttl",
        _ => SnakeCase(type.ToString()),
    };

    public static string SnakeCase(string name)
    {
        var text = new System.Text.StringBuilder(name.Length + 8);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
