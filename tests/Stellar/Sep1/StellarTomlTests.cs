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
    [InlineData("A=1\nA=2", "stellar.toml, line 2: a key occurs twice.")]
    [InlineData("A=\"open", "stellar.toml, line 1: a string has no end.")]
    [InlineData("A=\"\"\"open", "stellar.toml, line 1: a string has no end.")]
    [InlineData("A=[1, 2", "stellar.toml, line 1: a list has no end.")]
    [InlineData("A=[1 2]x", "stellar.toml, line 1: the line has something after its value.")]
    [InlineData("A", "stellar.toml, line 1: '=' is missing.")]
    [InlineData("=1", "stellar.toml, line 1: a key is missing.")]
    [InlineData("A=", "stellar.toml, line 1: a value is missing.")]
    [InlineData("A=\"\\q\"", "stellar.toml, line 1: an escape is not known.")]
    [InlineData("A=\"\\ud800\"", "stellar.toml, line 1: an escape is not a character.")]
    [InlineData("A=1\n[A]\nB=2", "stellar.toml, line 2: a key is a value and a table.")]
    [InlineData("[A]\n[[A]]", "stellar.toml, line 2: a key is a value and a list of tables.")]
    [InlineData("[A", "stellar.toml, line 1: ']' is missing.")]
    [InlineData("A={B=1", "stellar.toml, line 1: a table has no end.")]
    [InlineData("A=[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", "stellar.toml, line 1: values are nested too deep.")]
    public void What_is_not_TOML_is_refused_with_its_line(string toml, string sentence) =>
        Should.Throw<FormatException>(() => StellarToml.Parse(toml)).Message.ShouldBe(sentence);

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
