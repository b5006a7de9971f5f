using System.Globalization;
using System.Text;

namespace StellarPay.Stellar.Horizon.Transport;

/// <summary>A path relative to a base URL, with its query.</summary>
internal sealed class HorizonPath(string path)
{
    private readonly StringBuilder _text = new(path);
    private char _separator = '?';

    internal HorizonPath With(string name, string? value)
    {
        if (value is not null)
        {
            _text.Append(_separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            _separator = '&';
        }
        return this;
    }

    internal HorizonPath WithFlag(string name, bool value) => With(name, value ? "true" : null);

    internal HorizonPath With(PageQuery page)
    {
        ArgumentNullException.ThrowIfNull(page);
        ArgumentOutOfRangeException.ThrowIfLessThan(page.Limit, 1, nameof(page));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(page.Limit, PageQuery.MaxLimit, nameof(page));
        return With("cursor", page.Cursor)
            .With("order", page.Descending ? "desc" : "asc")
            .With("limit", page.Limit.ToString(CultureInfo.InvariantCulture));
    }

    public override string ToString() => _text.ToString();
}
