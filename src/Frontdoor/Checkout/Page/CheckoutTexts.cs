using System.Globalization;
using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace StellarPay.Frontdoor.Checkout.Page;

/// <summary>The page's texts in one language, from the resource <c>checkout/texts/LANGUAGE.json</c>.</summary>
public sealed class CheckoutTexts
{
    private const string Usual = "en";
    private const char FirstIsolate = '\u2068';
    private const char EndOfIsolate = '\u2069';

    private static readonly string[] Known = [Usual, "de", "es", "pt", "hi", "ar"];

    private readonly Dictionary<string, string> _texts;

    private CheckoutTexts(string language)
    {
        Language = language;
        using var stream = typeof(CheckoutTexts).Assembly.GetManifestResourceStream($"checkout/texts/{language}.json")!;
        _texts = JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!;
    }

    /// <summary>All languages, the usual one first.</summary>
    public static IReadOnlyList<CheckoutTexts> All { get; } = [.. Known.Select(language => new CheckoutTexts(language))];

    /// <summary>The language's code.</summary>
    public string Language { get; }

    /// <summary>What it calls itself.</summary>
    public string Name => this["name"];

    /// <summary><c>ltr</c> or <c>rtl</c>.</summary>
    public string Direction => this["direction"];

    /// <summary>The names of all texts.</summary>
    public IReadOnlyCollection<string> Keys => _texts.Keys;

    /// <summary>A text.</summary>
    public string this[string key] => _texts[key];

    /// <summary>A text with something in its places. From right to left that stands by itself, so that nothing is turned round.</summary>
    public string Of(string key, params string[] filled) => string.Format(
        CultureInfo.InvariantCulture, _texts[key],
        [.. Direction == "rtl" ? filled.Select(each => $"{FirstIsolate}{each}{EndOfIsolate}") : filled]);

    /// <summary>The language that a request asks for by name, else the one that its browser likes best, else English.</summary>
    public static CheckoutTexts For(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var liked = request.GetTypedHeaders().AcceptLanguage.OrderByDescending(each => each.Quality ?? 1).Select(each => each.Value.Value);
        return liked.Prepend(request.Query["lang"].FirstOrDefault()).Select(Find).FirstOrDefault(found => found is not null) ?? All[0];
    }

    private static CheckoutTexts? Find(string? tag) =>
        All.FirstOrDefault(texts => string.Equals(texts.Language, tag?.Split('-')[0], StringComparison.OrdinalIgnoreCase));
}
