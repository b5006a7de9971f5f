using System.Globalization;
using System.Numerics;
using System.Text;
using StellarPay.Stellar.Keys;

namespace StellarPay.Stellar.Tests.Keys;

public class SigningKeyTests
{
    private const string Seed = "SAAACAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4DUPB6NKI";
    private const string Account = "GAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3QZ6Q";

    // Signed by the official JS SDK (@stellar/stellar-base 15.0.0) with the seed 00 01 .. 1f.
    [Theory]
    [InlineData("hello", "e1a7fca94a835127885b99e2eba733d6ee5bf5dc463ed8385eb6f1dcaa1117c0"
        + "f151750a10f46f5b3796a91203578f702c85c67c334b5689a516284d499f710f")]
    [InlineData("", "9ca53579530654d5c3df77089ef45eda613e2fedf670e96bedac4639504e5845"
        + "ef4b95d5793077233dd16817b2532e9c5525872a73a4ad74b759369a9e05c102")]
    public void Signatures_are_those_of_the_official_SDK(string message, string signature)
    {
        using var key = SigningKey.FromStrKey(Seed);
        var signed = key.Sign(Encoding.UTF8.GetBytes(message));
        Convert.ToHexStringLower(signed).ShouldBe(signature);
        SigningKey.Verify(key.AccountId, Encoding.UTF8.GetBytes(message), signed).ShouldBeTrue();
    }

    // RFC 8032 section 7.1, test 3.
    [Fact]
    public void Keys_and_signatures_are_those_of_RFC_8032()
    {
        using var key = SigningKey.FromSeed(
            Convert.FromHexString("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"));
        key.AccountId.Key.ToString().ShouldBe("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
        Convert.ToHexStringLower(key.Sign([0xaf, 0x82])).ShouldBe(
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
    }

    [Fact]
    public void A_seed_comes_in_as_text_or_as_bytes()
    {
        using var fromText = SigningKey.FromStrKey(Seed);
        using var fromBytes = SigningKey.FromStrKey(Encoding.ASCII.GetBytes(Seed));
        fromText.AccountId.ToString().ShouldBe(Account);
        fromBytes.AccountId.ShouldBe(fromText.AccountId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SAAACAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4DUPB6NKJ")]
    [InlineData(Account)]
    [InlineData("PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAQACAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4DUPB6IBZGM")]
    public void What_is_not_a_seed_is_refused_without_repeating_it(string text)
    {
        const string sentence = "That is not a secret seed (56 characters that begin with S).";
        Should.Throw<FormatException>(() => SigningKey.FromStrKey(text).Dispose()).Message.ShouldBe(sentence);
        Should.Throw<FormatException>(() => SigningKey.FromStrKey(Encoding.ASCII.GetBytes(text)).Dispose())
            .Message.ShouldBe(sentence);
        Should.Throw<FormatException>(() => SigningKey.FromStrKey(new byte[1000]).Dispose()).Message.ShouldBe(sentence);
    }

    [Fact]
    public void A_generated_key_signs_and_is_not_the_last_one()
    {
        using var first = SigningKey.Generate();
        using var second = SigningKey.Generate();
        first.AccountId.ShouldNotBe(second.AccountId);
        SigningKey.Verify(first.AccountId, [1], first.Sign([1])).ShouldBeTrue();
        SigningKey.Verify(second.AccountId, [1], first.Sign([1])).ShouldBeFalse();
    }

    [Fact]
    public void A_changed_message_or_signature_does_not_verify()
    {
        using var key = SigningKey.Generate();
        var signature = key.Sign([1, 2, 3]);
        SigningKey.Verify(key.AccountId, [1, 2, 4], signature).ShouldBeFalse();
        signature[5] ^= 1;
        SigningKey.Verify(key.AccountId, [1, 2, 3], signature).ShouldBeFalse();
        SigningKey.Verify(key.AccountId, [1, 2, 3], signature.AsSpan(1)).ShouldBeFalse();
    }

    // stellar-core refuses these too: the identity point as key makes any message "signed".
    [Fact]
    public void A_key_of_small_order_signs_nothing()
    {
        var identity = new byte[32];
        identity[0] = 1;
        var signature = new byte[64];
        signature[0] = 1;
        Ed25519.Verify(identity, [1, 2, 3], signature).ShouldBeFalse();
    }

    // All of RFC 8032's points of small order, and two of them written another way.
    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")]
    [InlineData("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000080")]
    public void A_key_or_a_nonce_point_of_small_order_signs_nothing(string point)
    {
        var small = Convert.FromHexString(point);
        byte[] signature = [.. small, .. new byte[32]];
        Ed25519.Verify(small, [1, 2, 3], signature).ShouldBeFalse();
        using var key = SigningKey.FromStrKey(Seed);
        SigningKey.Verify(key.AccountId, [1, 2, 3], signature).ShouldBeFalse();
    }

    // Else whoever sees a transaction can send it with another signature, and so with another envelope.
    [Fact]
    public void A_signature_whose_scalar_is_not_reduced_is_refused()
    {
        var order = BigInteger.Pow(2, 252)
            + BigInteger.Parse("27742317777372353535851937790883648493", CultureInfo.InvariantCulture);
        using var key = SigningKey.FromStrKey(Seed);
        var signature = key.Sign([1, 2, 3]);
        var scalar = new BigInteger(signature.AsSpan(32), isUnsigned: true) + order;
        scalar.TryWriteBytes(signature.AsSpan(32), out var written, isUnsigned: true).ShouldBeTrue();
        written.ShouldBe(32);
        SigningKey.Verify(key.AccountId, [1, 2, 3], signature).ShouldBeFalse();
    }

    [Fact]
    public void A_key_that_is_no_point_or_has_another_length_signs_nothing()
    {
        var notReduced = new byte[32];
        Array.Fill(notReduced, (byte)0xff);
        Ed25519.Verify(notReduced, [1], new byte[64]).ShouldBeFalse();
        Ed25519.Verify(new byte[31], [1], new byte[64]).ShouldBeFalse();
        Ed25519.Verify(new byte[33], [1], new byte[64]).ShouldBeFalse();
    }

    [Fact]
    public void The_seed_leaves_only_through_CopySeedTo_and_the_text_form_is_the_account()
    {
        using var key = SigningKey.FromStrKey(Seed);
        var copy = new byte[32];
        key.CopySeedTo(copy);
        StrKey.Encode(StrKeyKind.SecretSeed, copy).ShouldBe(Seed);
        key.ToString().ShouldBe($"SigningKey({Account})");
        Should.Throw<ArgumentException>(() => key.CopySeedTo(new byte[31]));
    }

    [Fact]
    public void A_disposed_key_signs_no_more()
    {
        var key = SigningKey.Generate();
        key.Dispose();
        key.Dispose();
        Should.Throw<ObjectDisposedException>(() => key.Sign([1]));
        Should.Throw<ObjectDisposedException>(() => key.CopySeedTo(new byte[32]));
    }

    [Fact]
    public void Several_threads_may_sign_with_one_key_while_another_disposes_of_it()
    {
        for (var round = 0; round < 20; round++)
        {
            var key = SigningKey.FromStrKey(Seed);
            var expected = key.Sign([7]);
            Parallel.For(0, 16, worker =>
            {
                if (worker == 8)
                {
                    key.Dispose();
                    return;
                }
                try
                {
                    key.Sign([7]).ShouldBe(expected);
                }
                catch (ObjectDisposedException)
                {
                    // The other thread was faster, as it may be.
                }
            });
        }
    }
}
