using StellarPay.Frontdoor.Auth.Users;

namespace StellarPay.Frontdoor.Tests.Auth;

public sealed class NamesTests
{
    [Theory]
    [InlineData("a@example.com")]
    [InlineData("first.last+tag@sub.example.co.uk")]
    [InlineData("o'brien@example.com")]
    [InlineData("  spaces@example.com ")]
    public void An_email_address_is_read(string text)
    {
        EmailAddress.TryParse(text, out var address).ShouldBeTrue();
        address.ShouldBe(text.Trim());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("@example.com")]
    [InlineData("a@")]
    [InlineData("a@localhost")]
    [InlineData("a@example..com")]
    [InlineData("a@-example.com")]
    [InlineData(".a@example.com")]
    [InlineData("a..b@example.com")]
    [InlineData("a@b@example.com")]
    [InlineData("a b@example.com")]
    [InlineData("a@example.com\n")]
    [InlineData("a\0@example.com", false)]
    [InlineData("ä@example.com")]
    [InlineData("a@exämple.com")]
    [InlineData("<a@example.com>")]
    public void What_is_no_email_address_is_not(string? text, bool trimmed = true)
    {
        // A line break at the end is trimmed with the spaces; one inside is not.
        var inside = trimmed && text?.EndsWith('\n') == true ? text + "x" : text;
        EmailAddress.TryParse(inside, out _).ShouldBeFalse();
    }

    [Fact]
    public void An_email_address_has_limits()
    {
        var local = new string('a', 64);
        var domain = string.Join('.', Enumerable.Repeat(new string('b', 60), 3)) + ".com";
        EmailAddress.TryParse($"{local}@{domain}", out _).ShouldBeTrue();
        EmailAddress.TryParse($"{local}a@{domain}", out _).ShouldBeFalse();
        EmailAddress.TryParse($"a@{new string('b', 64)}.com", out _).ShouldBeFalse();
        EmailAddress.TryParse($"{local}@{domain}.{domain}", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("+15550001111", "+15550001111")]
    [InlineData(" +49 (30) 901-820 ", "+4930901820")]
    [InlineData("+44.20.7946.0000", "+442079460000")]
    [InlineData("+123456789012345", "+123456789012345")]
    public void A_phone_number_is_read(string text, string expected)
    {
        PhoneNumber.TryParse(text, out var number).ShouldBeTrue();
        number.ShouldBe(expected);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("15550001111")]
    [InlineData("+0555000111")]
    [InlineData("+123456")]
    [InlineData("+1234567890123456")]
    [InlineData("+1555000111a")]
    [InlineData("++15550001111")]
    [InlineData("+١٢٣٤٥٦٧٨٩")]
    [InlineData("+1555\t0001111")]
    public void What_is_no_phone_number_is_not(string? text) => PhoneNumber.TryParse(text, out _).ShouldBeFalse();
}
