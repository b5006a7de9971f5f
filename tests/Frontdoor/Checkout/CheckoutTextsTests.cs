using System.Text.RegularExpressions;
using StellarPay.Frontdoor.Checkout.Page;

namespace StellarPay.Frontdoor.Tests.Checkout;

/// <summary>A page never lacks a word, whatever language it speaks.</summary>
public sealed partial class CheckoutTextsTests
{
    [Fact]
    public void Each_language_has_every_text_with_the_same_places_to_fill()
    {
        var english = CheckoutTexts.All[0];
        CheckoutTexts.All.Select(texts => texts.Language).ShouldBe(["en", "de", "es", "pt", "hi", "ar"]);
        foreach (var texts in CheckoutTexts.All)
        {
            texts.Keys.Order().ShouldBe(english.Keys.Order(), texts.Language);
            texts.Direction.ShouldBe(texts.Language == "ar" ? "rtl" : "ltr");
            foreach (var key in english.Keys)
            {
                texts[key].Trim().ShouldNotBeEmpty($"{texts.Language} {key}");
                PlacesOf(texts[key]).ShouldBe(PlacesOf(english[key]), $"{texts.Language} {key}");
            }
        }

        CheckoutTexts.All.Select(texts => texts.Name).ShouldBeUnique();
    }

    [Fact]
    public void No_language_was_left_in_English()
    {
        var english = CheckoutTexts.All[0];
        // Sentences are never the same by chance.
        foreach (var texts in CheckoutTexts.All.Skip(1))
        {
            english.Keys.Where(key => key.EndsWith("_text", StringComparison.Ordinal) && texts[key] == english[key]).ShouldBeEmpty(texts.Language);
        }
    }

    private static string[] PlacesOf(string text) => [.. Place().Matches(text).Select(match => match.Value).Distinct().Order()];

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();
}
