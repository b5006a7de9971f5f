using StellarPay.Frontdoor.Auth;
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
    [InlineData("+12025550143", "+12025550143")]
    [InlineData(" +49 (30) 901-820 ", "+4930901820")]
    [InlineData("+44.20.7946.0000", "+442079460000")]
    [InlineData("(+44) 20 7946 0958", "+442079460958")]
    [InlineData("+44/20/79460958", "+442079460958")]
    [InlineData("+44\u201120\u20117946\u20110958", "+442079460958")]
    [InlineData("+44\u00a020\u20137946\u20140958", "+442079460958")]
    [InlineData("＋４４ ２０ ７９４６ ０９５８", "+442079460958")]
    [InlineData("+٤٤٢٠٧٩٤٦٠٩٥٨", "+442079460958")]
    [InlineData("+39 06 6982", "+39066982")]
    [InlineData("+683 4000", "+6834000")]
    public void A_phone_number_is_read(string text, string expected)
    {
        PhoneNumber.TryParse(text, out var number).ShouldBeTrue();
        number.ShouldBe(expected);
    }

    [Theory]
    [InlineData("\u202a+44 20 7946 0958\u202c")]
    [InlineData("\u200e+44\u00ad20\u2060 7946\u200f0958")]
    [InlineData("\ufeff(\u2066+44\u2069) 20 7946 0958")]
    public void What_is_not_seen_in_a_phone_number_does_not_matter(string text)
    {
        // Address books put marks of the direction of writing around a number that is copied.
        PhoneNumber.TryParse(text, out var number).ShouldBeTrue();
        number.ShouldBe("+442079460958");
    }

    [Theory]
    [InlineData("+1 900 234 5678")]
    [InlineData("+800 1234 5678")]
    [InlineData("+1 800 234 5678")]
    [InlineData("+44 909 879 0000")]
    [InlineData("+44 843 000 0000")]
    [InlineData("+44 55 0000 0000")]
    [InlineData("+49 180 1234567")]
    public void A_number_of_a_service_is_nobody_s(string text) => PhoneNumber.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("+44 7400 123456")]
    [InlineData("+870 773 111 632")]
    [InlineData("+44 56 1234 5678")]
    public void Mobile_satellite_and_internet_phones_are_somebody_s(string text) => PhoneNumber.TryParse(text, out _).ShouldBeTrue();

    [Theory]
    [InlineData("+44 (0)20 7946 0958", "+442079460958")]
    [InlineData("+44 020 7946 0958", "+442079460958")]
    [InlineData("+49 (0) 30 901820", "+4930901820")]
    public void The_zero_that_is_dialled_at_home_makes_no_second_number(string text, string expected)
    {
        // The bug kept away: +4402079460958 stood beside +442079460958, two accounts of one phone.
        PhoneNumber.TryParse(text, out var number).ShouldBeTrue();
        number.ShouldBe(expected);
    }

    [Theory]
    [InlineData("+999123456789")]
    [InlineData("+1 555 0100")]
    [InlineData("+15550001111")]
    [InlineData("+123456789012345")]
    [InlineData("+1234567890123456")]
    [InlineData("+123456")]
    [InlineData("+0555000111")]
    public void A_number_that_no_country_has_is_not_taken(string text) => PhoneNumber.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("+44 20 7946 0958 ext. 12")]
    [InlineData("+44 20 7946 0958 x12")]
    [InlineData("+442079460958;ext=12")]
    [InlineData("+44 20 7946 0958#12")]
    public void An_extension_is_not_taken_since_an_account_has_a_number_of_its_own(string text) =>
        PhoneNumber.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("(")]
    [InlineData("12025550143")]
    [InlineData("0044 20 7946 0958")]
    [InlineData("020 7946 0958")]
    [InlineData("+1202555014a")]
    [InlineData("+1 800 FLOWERS")]
    [InlineData("tel:+12025550143")]
    [InlineData("call +12025550143")]
    [InlineData("+12025550143!")]
    [InlineData("++12025550143")]
    [InlineData("+1202+5550143")]
    [InlineData("+12025550143 / +12025550144")]
    [InlineData("+1202\t5550143")]
    [InlineData("+44                     20 7946            0958")]
    public void What_is_no_phone_number_is_not(string? text) => PhoneNumber.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void A_refused_number_is_told_the_field_and_the_rule() =>
        Credentials.ForSignUp(new SignUpRequest(null, "+999123456789", "correct horse battery")).Problem!.Message.ShouldBe(
            "'phone' must be a valid phone number with its country code, such as +442079460958, without an extension.");
}
