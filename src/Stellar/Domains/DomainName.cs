namespace StellarPay.Stellar.Domains;

/// <summary>Full domain names.</summary>
/// <remarks>Source: RFC 1035 section 2.3.1, with labels that begin with a digit (RFC 1123).</remarks>
internal static class DomainName
{
    private const int MaxLength = 253;
    private const int MaxLabelLength = 63;

    /// <summary>Whether the text is a domain name with at least two labels, the last of which is not a number.</summary>
    internal static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.Length > MaxLength)
        {
            return false;
        }
        var labels = 0;
        ReadOnlySpan<char> last = default;
        foreach (var range in text.Split('.'))
        {
            last = text[range];
            labels++;
            if (!IsLabel(last))
            {
                return false;
            }
        }
        // 10.0.0.1 is an address, not a name.
        return labels >= 2 && last.IndexOfAnyExceptInRange('0', '9') >= 0;
    }

    private static bool IsLabel(ReadOnlySpan<char> label)
    {
        if (label.IsEmpty || label.Length > MaxLabelLength || label[0] == '-' || label[^1] == '-')
        {
            return false;
        }
        foreach (var character in label)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character != '-')
            {
                return false;
            }
        }
        return true;
    }
}
