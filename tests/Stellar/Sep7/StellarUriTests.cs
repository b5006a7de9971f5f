using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Sep7;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Tests.Sep7;

public class StellarUriTests
{
    private const string Payee = "GCALNQQBXAPZ2WIRSDDBMSTAKCUH5SG6U76YBFLQLIXJTF7FE5AX7AOO";
    private const string Issuer = "GCRCUE2C5TBNIPYHMEP7NK5RWTT2WBSZ75CMARH7GDOHDDCQH3XANFOB";
    private const string Account = "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ";

    private const string ChangeTrust =
        "AAAAAP%2Byw%2BZEuNg533pUmwlYxfrq6%2FBoMJqiJ8vuQhf6rHWmAAAAZAB8NHAAAAABAAAAAAAAAAAAAAABAAAAAAAAAAYAAAABSFVHAAAAAABA"
        + "H0wIyY3BJBS2qHdRPAV80M8hF7NBpxRjXyjuT9kEbH%2F%2F%2F%2F%2F%2F%2F%2F%2F%2FAAAAAAAAAAA%3D";

    // SEP-7's own example of request signing.
    private const string Seed = "SBPOVRVKTTV7W3IOX2FJPSMPCJ5L2WU2YKTP3HCLYPXNI5MDIGREVNYC";
    private const string Unsigned =
        $"web+stellar:pay?destination={Payee}&amount=120.1234567&memo=skdjfasf&memo_type=MEMO_TEXT"
        + "&msg=pay%20me%20with%20lumens&origin_domain=someDomain.com";
    private const string Signed =
        Unsigned + "&signature=tbsLtlK%2FfouvRWk2UWFP47yHYeI1g1NEC%2FfEQvuXG6V8P%2BbeLxplYbOVtTk1g94Wp97cHZ3pVJy%2FtZNYobl3Cw%3D%3D";

    [Fact]
    public void A_request_for_lumens_is_read_and_written()
    {
        const string uri = $"web+stellar:pay?destination={Payee}&amount=120.1234567&memo=skdjfasf&memo_type=MEMO_TEXT"
            + "&msg=pay%20me%20with%20lumens";
        var request = StellarUri.Parse(uri).ShouldBeOfType<PayRequest>();
        request.Destination.ShouldBe(Payee);
        request.Amount.ShouldBe(1_201_234_567);
        request.Asset.ShouldBe(Asset.Native);
        request.Memo.ShouldBe(new MemoText("skdjfasf"));
        request.Message.ShouldBe("pay me with lumens");
        request.Network.ShouldBe(StellarNetwork.Public);
        request.ToString().ShouldBe(uri);
    }

    [Fact]
    public void A_request_for_an_asset_with_a_callback_is_read_and_written()
    {
        const string uri = $"web+stellar:pay?destination={Payee}&amount=120.123&asset_code=USD&asset_issuer={Issuer}"
            + "&memo=hasysda987fs&memo_type=MEMO_TEXT"
            + "&callback=url%3Ahttps%3A%2F%2FsomeSigningService.com%2Fhasysda987fs%3Fasset%3DUSD";
        var request = StellarUri.Parse(uri).ShouldBeOfType<PayRequest>();
        request.Asset.ToString().ShouldBe($"USD:{Issuer}");
        request.Callback.ShouldBe(new Uri("https://someSigningService.com/hasysda987fs?asset=USD"));
        request.ToString().ShouldBe(uri);
    }

    [Fact]
    public void A_request_to_sign_with_a_callback_is_read_and_written()
    {
        const string uri = $"web+stellar:tx?xdr={ChangeTrust}&callback=url%3Ahttps%3A%2F%2FsomeSigningService.com%2Fa8f7asdfkjha"
            + "&pubkey=GAU2ZSYYEYO5S5ZQSMMUENJ2TANY4FPXYGGIMU6GMGKTNVDG5QYFW6JS&msg=order%20number%2024";
        var request = StellarUri.Parse(uri).ShouldBeOfType<TransactionRequest>();
        request.Envelope.ShouldBeOfType<TransactionV0Envelope>().Transaction.Operations[0].Body
            .ShouldBeOfType<ChangeTrustOperation>();
        request.PublicKey.ToString().ShouldBe("GAU2ZSYYEYO5S5ZQSMMUENJ2TANY4FPXYGGIMU6GMGKTNVDG5QYFW6JS");
        request.Message.ShouldBe("order number 24");
        request.ToString().ShouldBe(uri);
    }

    [Fact]
    public void A_request_to_sign_with_a_field_to_fill_in_is_read_and_written()
    {
        const string uri = $"web+stellar:tx?xdr={ChangeTrust}"
            + "&replace=sourceAccount%3AX%3BX%3Aaccount%20on%20which%20to%20create%20the%20trustline";
        var request = StellarUri.Parse(uri).ShouldBeOfType<TransactionRequest>();
        request.Replacements.ShouldBe([new Replacement("sourceAccount", "X", "account on which to create the trustline")]);
        request.ToString().ShouldBe(uri);
    }

    [Fact]
    public void Fields_that_share_a_reference_share_its_hint()
    {
        var request = (TransactionRequest)StellarUri.Parse(
            $"web+stellar:tx?xdr={ChangeTrust}&replace=" + Uri.EscapeDataString(
                "sourceAccount:X,operations[0].sourceAccount:Y,operations[1].destination:Y;X:who pays,Y:who trusts"));
        request.Replacements.Select(replacement => replacement.Hint).ShouldBe(["who pays", "who trusts", "who trusts"]);
        ((TransactionRequest)StellarUri.Parse(request.ToString())).Replacements.ShouldBe(request.Replacements);
    }

    [Fact]
    public void A_signature_is_that_of_the_proposal()
    {
        using var key = SigningKey.FromStrKey(Seed);
        var request = new PayRequest(Payee)
        {
            Amount = 1_201_234_567,
            Memo = new MemoText("skdjfasf"),
            Message = "pay me with lumens",
            OriginDomain = "someDomain.com",
        };
        request.ToString().ShouldBe(Unsigned);
        request.ToSignedString(key).ShouldBe(Signed);
    }

    [Fact]
    public void A_signature_is_verified_over_the_text_that_came()
    {
        using var key = SigningKey.FromStrKey(Seed);
        var request = StellarUri.Parse(Signed);
        request.IsSignedBy(key.AccountId).ShouldBeTrue();
        request.IsSignedBy(AccountId.Parse(Payee)).ShouldBeFalse();
        StellarUri.Parse(Signed.Replace("120.1", "920.1", StringComparison.Ordinal)).IsSignedBy(key.AccountId).ShouldBeFalse();
        // The same request in another order of parameters is another text.
        StellarUri.Parse(Signed.Replace("pay%20me", "pay%20m%65", StringComparison.Ordinal))
            .IsSignedBy(key.AccountId).ShouldBeFalse();
        new PayRequest(Payee).IsSignedBy(key.AccountId).ShouldBeFalse();
    }

    public static TheoryData<Memo, string> Memos => new()
    {
        { new MemoText("ä & ö"), "&memo=%C3%A4%20%26%20%C3%B6&memo_type=MEMO_TEXT" },
        { new MemoId(ulong.MaxValue), "&memo=18446744073709551615&memo_type=MEMO_ID" },
        { new MemoHash(default), "&memo=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D&memo_type=MEMO_HASH" },
        { new MemoReturn(default), "&memo=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D&memo_type=MEMO_RETURN" },
    };

    [Theory]
    [MemberData(nameof(Memos))]
    public void Each_memo_comes_back(Memo memo, string parameters)
    {
        var uri = new PayRequest(Account) { Memo = memo, Network = StellarNetwork.Testnet }.ToString();
        uri.ShouldBe($"web+stellar:pay?destination={Account}{parameters}"
            + "&network_passphrase=Test%20SDF%20Network%20%3B%20September%202015");
        var read = (PayRequest)StellarUri.Parse(uri);
        read.Memo.ShouldBe(memo);
        read.Network.ShouldBe(StellarNetwork.Testnet);
        read.Amount.ShouldBeNull();
    }

    [Theory]
    [InlineData("MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUQ")]
    [InlineData("CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA")]
    [InlineData("bob@mail.example*example.com")]
    public void Other_destinations_than_accounts_are_taken(string destination) =>
        ((PayRequest)StellarUri.Parse(new PayRequest(destination).ToString())).Destination.ShouldBe(destination);

    [Theory]
    [InlineData("", "The request must begin with 'web+stellar:'.")]
    [InlineData("https://example.com", "The request must begin with 'web+stellar:'.")]
    [InlineData("web+stellar:", "The operation must be 'pay' or 'tx'.")]
    [InlineData("web+stellar:steal?x=1", "The operation must be 'pay' or 'tx'.")]
    [InlineData("web+stellar:pay", "The destination is neither an account, nor a contract, nor a federated address.")]
    [InlineData("web+stellar:pay?destination", "Each parameter is name=value.")]
    [InlineData("web+stellar:pay?destination=SBPOVRVKTTV7W3IOX2FJPSMPCJ5L2WU2YKTP3HCLYPXNI5MDIGREVNYC",
        "The destination is neither an account, nor a contract, nor a federated address.")]
    [InlineData("web+stellar:pay?destination=@&amount=0", "The amount is not a decimal number above zero with at most 7 places.")]
    [InlineData("web+stellar:pay?destination=@&amount=1e3", "The amount is not a decimal number above zero with at most 7 places.")]
    [InlineData("web+stellar:pay?destination=@&amount=1&amount=2", "A parameter occurs twice.")]
    [InlineData("web+stellar:pay?destination=@&asset_code=USD", "The asset_issuer is missing.")]
    [InlineData("web+stellar:pay?destination=@&asset_issuer=@", "The asset_code or asset_issuer is not valid.")]
    [InlineData("web+stellar:pay?destination=@&memo_type=MEMO_ID", "There is a memo_type without a memo.")]
    [InlineData("web+stellar:pay?destination=@&memo=-1&memo_type=MEMO_ID", "The memo is not one of its memo_type.")]
    [InlineData("web+stellar:pay?destination=@&memo=12345678901234567890123456789", "The memo is not one of its memo_type.")]
    [InlineData("web+stellar:pay?destination=@&memo=AA&memo_type=MEMO_HASH", "The memo is not one of its memo_type.")]
    [InlineData("web+stellar:pay?destination=@&callback=https%3A%2F%2Fx.com", "The callback must begin with 'url:'.")]
    [InlineData("web+stellar:pay?destination=@&callback=url%3Ajavascript%3Aalert(1)", "The callback is not an http or https URL.")]
    [InlineData("web+stellar:pay?destination=@&network_passphrase=%20", "The network_passphrase is empty or too long.")]
    [InlineData("web+stellar:pay?destination=@&origin_domain=example.com", "The request has an origin_domain but no signature.")]
    [InlineData("web+stellar:pay?destination=@&origin_domain=localhost&signature=AA", "The origin_domain is not a full domain name.")]
    [InlineData("web+stellar:pay?destination=@&signature=AA", "The signature is not 64 bytes in base64.")]
    [InlineData("web+stellar:pay?signature=AA&destination=@", "The signature must be the last parameter.")]
    [InlineData("web+stellar:tx", "The xdr is missing.")]
    [InlineData("web+stellar:tx?xdr=AAAA", "The xdr is not a transaction envelope.")]
    [InlineData("web+stellar:tx?xdr=#&pubkey=M", "The pubkey is not a public key (G…).")]
    [InlineData("web+stellar:tx?xdr=#&replace=sourceAccount%3AX%3BY%3AThe%20account",
        "The references of the replace parameter differ before and after the semicolon.")]
    [InlineData("web+stellar:tx?xdr=#&replace=sourceAccount%3AX",
        "The replace parameter is fields and hints with one semicolon between.")]
    public void What_is_not_a_request_is_refused(string uri, string sentence)
    {
        var text = uri.Replace("@", Account, StringComparison.Ordinal).Replace("#", ChangeTrust, StringComparison.Ordinal);
        StellarUri.TryParse(text, out var request, out var error).ShouldBeFalse();
        request.ShouldBeNull();
        error.ShouldBe(sentence);
    }

    [Fact]
    public void A_message_has_at_most_300_characters()
    {
        var text = new PayRequest(Account) { Message = new string('x', 300) };
        StellarUri.Parse(text.ToString()).Message!.Length.ShouldBe(300);
        Should.Throw<InvalidOperationException>(() => (text with { Message = new string('x', 301) }).ToString());
        Should.Throw<FormatException>(
            () => StellarUri.Parse($"web+stellar:pay?destination={Account}&msg={new string('x', 301)}"));
    }

    [Fact]
    public void Requests_are_chained_at_most_7_deep()
    {
        var uri = $"web+stellar:tx?xdr={ChangeTrust}";
        for (var depth = 0; depth < 7; depth++)
        {
            uri = ((TransactionRequest)StellarUri.Parse($"web+stellar:tx?xdr={ChangeTrust}") with { Chain = uri }).ToString();
            StellarUri.TryParse(uri, out _, out var error).ShouldBeTrue(error);
        }
        var tooDeep = $"web+stellar:tx?xdr={ChangeTrust}&chain={Uri.EscapeDataString(uri)}";
        StellarUri.TryParse(tooDeep, out _, out var why).ShouldBeFalse();
        why.ShouldBe("More than 7 requests are chained.");
    }
}
