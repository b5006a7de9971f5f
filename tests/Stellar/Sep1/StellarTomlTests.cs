using StellarPay.Stellar.Sep1;

namespace StellarPay.Stellar.Tests.Sep1;

public class StellarTomlTests
{
    private const string Key = "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ";

    [Fact]
    public void A_file_is_read_with_all_that_TOML_allows_in_it()
    {
        var toml = StellarToml.Parse($$"""
            # a comment
            VERSION="2.0.0"
            NETWORK_PASSPHRASE = 'Public Global Stellar Network ; September 2015' # another
            FEDERATION_SERVER="https://api.example.com/federation"
            "SIGNING_KEY" = "{{Key}}"
            URI_REQUEST_SIGNING_KEY="{{Key}}"
            KYC_SERVER="http://not.secure"
            ACCOUNTS=[
              "{{Key}}", # first
              "not one",
            ]

            [DOCUMENTATION]
            ORG_NAME = "Tab\tquote\" u\u00e4 \U0001F600"
            ORG_URL="https://www.example.com"
            ORG_DESCRIPTION = '''
            It has 'quotes'
            and two lines'''
            OPENED = 2020-01-02T03:04:05Z

            [[CURRENCIES]]
            code="USD"
            issuer="{{Key}}"
            display_decimals=2
            limits = { min = 1, max.daily = 10 }
            [[CURRENCIES]]
            code="BTC"
            display_decimals=99
            status = "live"
            [CURRENCIES.extra]
            a.b = "c"
            """);
        toml.NetworkPassphrase.ShouldBe(StellarNetwork.Public.Passphrase);
        toml.FederationServer.ShouldBe(new Uri("https://api.example.com/federation"));
        toml.SigningKey.ShouldBe(AccountId.Parse(Key));
        toml.UriRequestSigningKey.ShouldBe(AccountId.Parse(Key));
        toml.KycServer.ShouldBeNull("http is not allowed");
        toml.Accounts.ShouldBe([AccountId.Parse(Key)]);
        toml.OrganizationName.ShouldBe("Tab\tquote\" uä 😀");
        toml.Currencies.Select(currency => currency.Code).ShouldBe(["USD", "BTC"]);
        toml.Currencies[0].DisplayDecimals.ShouldBe(2);
        toml.Currencies[1].DisplayDecimals.ShouldBeNull();
        toml.Currencies[1].Status.ShouldBe("live");
    }

    [Fact]
    public void An_empty_file_says_nothing() => StellarToml.Parse("").FederationServer.ShouldBeNull();

    [Theory]
    [InlineData("A=1\nA=2", 2)]
    [InlineData("A=\"open", 1)]
    [InlineData("A=\"\"\"open", 1)]
    [InlineData("A=[1, 2", 1)]
    [InlineData("A=[1 2]x", 1)]
    [InlineData("B=1\nA", 2)]
    [InlineData("=1", 1)]
    [InlineData("B=1\nA=", 2)]
    [InlineData("VERSION=2.0.0", 1)]
    [InlineData("A=\"\\q\"", 1)]
    [InlineData("A=\"\\ud800\"", 1)]
    [InlineData("A=1\n[A]\nB=2", 2)]
    [InlineData("[A]\n[[A]]", 2)]
    [InlineData("[A", 1)]
    [InlineData("A={B=1", 1)]
    [InlineData("A=[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", 1)]
    public void What_is_not_TOML_is_refused_with_its_line_and_no_word_of_its_own(string toml, int line) =>
        Should.Throw<FormatException>(() => StellarToml.Parse(toml)).Message
            .ShouldBe($"stellar.toml, line {line}: it is not TOML.");

    // A signing key twice: whoever takes the other one is deceived.
    [Fact]
    public void A_key_that_occurs_twice_is_refused() =>
        Should.Throw<FormatException>(() => StellarToml.Parse($"SIGNING_KEY=\"{Key}\"\nSIGNING_KEY=\"{Key}\""));

    // A file is read on the stack of a request: what has no bound here ends the process.
    [Theory]
    [InlineData("[")]
    [InlineData("{a=")]
    public void Nesting_has_a_bound_whatever_the_length(string opening) =>
        Should.Throw<FormatException>(() => StellarToml.Parse("A=" + string.Concat(Enumerable.Repeat(opening, 30_000))));

    [Fact]
    public void A_key_of_many_parts_has_a_bound_too() =>
        Should.Throw<FormatException>(
            () => StellarToml.Parse(string.Join('.', Enumerable.Repeat("a", 50_000)) + "=1"));

    [Fact]
    public void A_file_has_at_most_ten_thousand_values()
    {
        Should.Throw<FormatException>(() => StellarToml.Parse("A=[" + string.Concat(Enumerable.Repeat("1,", 50_000)) + "]"))
            .Message.ShouldBe("stellar.toml, line 1: there are more than 10000 values.");
        StellarToml.Parse("A=[" + string.Concat(Enumerable.Repeat("1,", 9_000)) + "]").Accounts.ShouldBeEmpty();
    }

    // Tomlyn throws an ArgumentOutOfRangeException of its own here.
    [Fact]
    public void An_escape_that_the_end_cuts_off_is_refused_as_documented() =>
        Should.Throw<FormatException>(() => StellarToml.Parse("A=\"\\"));

    // Bytes that are not UTF-8 read as U+FFFD.
    [Fact]
    public void A_description_in_another_encoding_does_not_hide_the_keys() =>
        StellarToml.Parse($"SIGNING_KEY=\"{Key}\"\n[DOCUMENTATION]\nORG_NAME=\"Caf\ufffd\"").SigningKey
            .ShouldBe(AccountId.Parse(Key));

    [Fact]
    public void A_file_has_at_most_100_KB()
    {
        StellarToml.Parse(new string('\n', 100 * 1024)).Accounts.ShouldBeEmpty();
        Should.Throw<FormatException>(() => StellarToml.Parse(new string('\n', (100 * 1024) + 1)));
    }

    // Bytes of any kind come from strangers: nothing but the documented error may come out.
    [Fact]
    public void Random_text_gives_a_file_or_the_documented_error()
    {
        var random = new Random(20260102);
        const string alphabet = "AB=\"'[]{}.,#\\\n\r\t u0123456789-_";
        var refused = 0;
        for (var round = 0; round < 5_000; round++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(40)).Select(_ => alphabet[random.Next(alphabet.Length)])]);
            try
            {
                StellarToml.Parse(text).ShouldNotBeNull();
            }
            catch (FormatException)
            {
                refused++;
            }
        }
        refused.ShouldBeGreaterThan(500);
    }
}
