using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Encodings.Web;

namespace StellarPay.Sandbox.Horizon.Http;

/// <summary>Makes HAL links that begin as the client's own request did.</summary>
internal sealed class HorizonLinks(string root, string self)
{
    private const string Paging = "{?cursor,limit,order}";

    public static HorizonLinks For(HttpRequest request)
    {
        var root = $"{request.Scheme}://{request.Host}{request.PathBase}";
        return new HorizonLinks(root, root + request.Path);
    }

    public void Write(Utf8JsonWriter json, string name, string path) => WriteHref(json, name, root + path, false);

    public void WriteTemplate(Utf8JsonWriter json, string name, string path) => WriteHref(json, name, root + path, true);

    public void WritePaged(Utf8JsonWriter json, string name, string path) =>
        WriteHref(json, name, root + path + Paging, true);

    /// <summary>The <c>_links</c> of a list: itself, the page after it and the page before it.</summary>
    public void WritePage(Utf8JsonWriter json, HttpRequest request, PageRequest page, string? first, string? last)
    {
        var others = new StringBuilder();
        foreach (var (name, values) in request.Query)
        {
            if (name is not ("cursor" or "order" or "limit"))
            {
                others.Append('&').Append(UrlEncoder.Default.Encode(name)).Append('=')
                    .Append(UrlEncoder.Default.Encode(values.ToString()));
            }
        }

        var opposite = page.Descending ? "asc" : "desc";
        json.WriteStartObject("_links");
        WriteHref(json, "self", Href(page.Cursor, page.Order), false);
        WriteHref(json, "next", Href(last ?? page.Cursor, page.Order), false);
        WriteHref(json, "prev", Href(first ?? page.Cursor, opposite), false);
        json.WriteEndObject();

        string Href(string cursor, string order) => string.Create(
            CultureInfo.InvariantCulture,
            $"{self}?cursor={UrlEncoder.Default.Encode(cursor)}&limit={page.Limit}&order={order}{others}");
    }

    private static void WriteHref(Utf8JsonWriter json, string name, string href, bool templated)
    {
        json.WriteStartObject(name);
        json.WriteString("href", href);
        if (templated)
        {
            json.WriteBoolean("templated", true);
        }

        json.WriteEndObject();
    }
}
