using System.Text;

namespace StellarPay.Frontdoor.Merchants.Registration;

/// <summary>
/// A merchant's website: https, without anybody's name and password in it; only this machine's own may be http, and only in test mode.
/// </summary>
internal static class WebAddress
{
    private const int MostBytes = 2048;

    public static bool TryRead(string text, bool isLive, out string address)
    {
        address = "";
        if (Encoding.UTF8.GetByteCount(text) > MostBytes
            || !Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri)
            || uri.UserInfo.Length > 0 || uri.Host.Length == 0
            || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback && !isLive)))
        {
            return false;
        }

        address = uri.AbsoluteUri;
        return Encoding.UTF8.GetByteCount(address) <= MostBytes;
    }
}
