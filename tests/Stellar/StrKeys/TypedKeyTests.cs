using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Tests.StrKeys;

public class TypedKeyTests
{
    private const string Account = "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ";

    // SEP-23, valid cases 1 to 3.
    [Theory]
    [InlineData(Account, null)]
    [InlineData("MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUQ", 0UL)]
    [InlineData("MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLK", 9223372036854775808UL)]
    public void A_muxed_account_is_parsed_and_printed(string text, ulong? id)
    {
        var account = MuxedAccount.Parse(text);
        account.AccountId.ToString().ShouldBe(Account);
        account.Id.ShouldBe(id);
        account.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUR")]
    [InlineData("SAAACAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4DUPB6NKI")]
    [InlineData("CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA")]
    public void What_is_no_account_is_refused(string text)
    {
        MuxedAccount.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => MuxedAccount.Parse(text))
            .Message.ShouldBe("That is not an account: neither a G… nor an M… address.");
    }

    [Theory]
    [InlineData(Account, CryptoKeyType.Ed25519, "")]
    [InlineData("TAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3REMB", CryptoKeyType.PreAuthTx, "")]
    [InlineData("XAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3QAJY", CryptoKeyType.HashX, "")]
    [InlineData(
        "PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAOQCAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4DUAAAAFGBU",
        CryptoKeyType.Ed25519SignedPayload,
        "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d")]
    public void A_signer_key_is_parsed_and_printed(string text, CryptoKeyType type, string payload)
    {
        var key = SignerKey.Parse(text);
        key.Type.ShouldBe(type);
        key.Payload.ToString().ShouldBe(payload);
        key.ToStrKey().ShouldBe(text);
    }

    [Fact]
    public void A_seed_is_no_signer_key() =>
        Should.Throw<FormatException>(() => SignerKey.Parse("SAAACAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4DUPB6NKI"));

    [Theory]
    [InlineData("native")]
    [InlineData("USDC:" + Account)]
    [InlineData("LONGASSET123:" + Account)]
    public void An_asset_is_parsed_and_printed(string text) => Asset.Parse(text).ToString().ShouldBe(text);

    [Theory]
    [InlineData("")]
    [InlineData("XLM")]
    [InlineData("Native")]
    [InlineData("USDC")]
    [InlineData(":" + Account)]
    [InlineData("USDC:")]
    [InlineData("US-DC:" + Account)]
    [InlineData("THIRTEENCHARS:" + Account)]
    [InlineData("USDC:" + Account + ":")]
    public void What_is_no_asset_is_refused(string text)
    {
        Asset.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => Asset.Parse(text));
    }
}
