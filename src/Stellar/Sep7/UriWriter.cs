using System.Text;

namespace StellarPay.Stellar.Sep7;

/// <summary>Puts a URI together, each value percent-encoded (RFC 3986).</summary>
internal sealed class UriWriter(string operation)
{
    private readonly StringBuilder _text = new(UriParameters.Scheme + operation);
    private char _separator = '?';

    internal void Write(string name, string? value)
    {
        if (value is null)
        {
            return;
        }
        _text.Append(_separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
        _separator = '&';
    }

    public override string ToString() => _text.ToString();
}
