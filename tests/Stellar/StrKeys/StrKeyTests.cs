namespace StellarPay.Stellar.Tests.StrKeys;

public class StrKeyTests
{
    private const string Key = "3f0c34bf93ad0d9971d04ccc90f705511c838aad9734a4a2fb0d7a03fc7fe89a";

    // SEP-23's valid cases, and T, X and S made by the official JS SDK.
    public static TheoryData<StrKeyKind, string, string> Valid => new()
    {
        { StrKeyKind.AccountId, "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ", Key },
        {
            StrKeyKind.MuxedAccount, "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUQ",
            Key + "0000000000000000"
        },
        {
            StrKeyKind.MuxedAccount, "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLK",
            Key + "8000000000000000"
        },
        {
            StrKeyKind.SignedPayload,
            "PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAQACAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4DUPB6IBZGM",
            Key + "000000200102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"
        },
        {
            StrKeyKind.SignedPayload,
            "PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAOQCAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4DUAAAAFGBU",
            Key + "0000001d0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d000000"
        },
        { StrKeyKind.Contract, "CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA", Key },
        { StrKeyKind.LiquidityPool, "LA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUPJN", Key },
        { StrKeyKind.ClaimableBalance, "BAAD6DBUX6J22DMZOHIEZTEQ64CVCHEDRKWZONFEUL5Q26QD7R76RGR4TU", "00" + Key },
        {
            StrKeyKind.PreAuthTransaction, "TAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3REMB",
            "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
        },
        {
            StrKeyKind.HashX, "XAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3QAJY",
            "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
        },
        {
            StrKeyKind.SecretSeed, "SAAACAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4DUPB6NKI",
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
        },
    };

    // SEP-23's invalid cases, with what is wrong with each.
    public static TheoryData<string, StrKeyError> Invalid => new()
    {
        { "GAAAAAAAACGC6", StrKeyError.Length },
        { "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUR", StrKeyError.TrailingBits },
        { "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZA", StrKeyError.Length },
        { "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUACUSI", StrKeyError.Length },
        { "G47QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVP2I", StrKeyError.Version },
        { "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLKA", StrKeyError.Length },
        { "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAAV75I", StrKeyError.Length },
        { "M47QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUQ", StrKeyError.Version },
        { "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUK===", StrKeyError.Character },
        { "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUO", StrKeyError.Checksum },
        {
            "PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAQACAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4DUPB6IAAAAAAAAPM",
            StrKeyError.Payload
        },
        {
            "PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAOQCAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4Z2PQ",
            StrKeyError.Payload
        },
        {
            "PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAOQCAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4DXFH6",
            StrKeyError.Payload
        },
        { "BAAD6DBUX6J22DMZOHIEZTEQ64CVCHEDRKWZONFEUL5Q26QD7R76RGR4TV", StrKeyError.TrailingBits },
        { "BAAT6DBUX6J22DMZOHIEZTEQ64CVCHEDRKWZONFEUL5Q26QD7R76RGXACA", StrKeyError.Payload },
        { "", StrKeyError.Length },
        { "G", StrKeyError.Length },
        { "AAAA", StrKeyError.Version },
        { "ga7qynf7sowq3glr2bgmzehxavirza4kvwltjjfc7mgxua74p7ujvsgz", StrKeyError.Character },
        { " GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ", StrKeyError.Length },
        { "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSG\u0419", StrKeyError.Character },
    };

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_valid_key_decodes_to_its_bytes_and_back(StrKeyKind kind, string text, string hex)
    {
        Convert.ToHexStringLower(StrKey.Decode(text, kind)).ShouldBe(hex);
        StrKey.Encode(kind, Convert.FromHexString(hex)).ShouldBe(text);
        StrKey.IsValid(text, kind).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_valid_key_is_no_key_of_any_other_kind(StrKeyKind kind, string text, string hex)
    {
        hex.Length.ShouldBeGreaterThanOrEqualTo(64);
        var payload = new byte[StrKey.MaxPayloadLength];
        foreach (var other in Enum.GetValues<StrKeyKind>().Where(other => other != kind))
        {
            StrKey.TryDecode(text, other, payload, out var length).ShouldBe(StrKeyError.OtherKind);
            length.ShouldBe(0);
        }
        payload.ShouldAllBe(value => value == 0);
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void An_invalid_key_is_refused_for_what_is_wrong_with_it(string text, StrKeyError expected)
    {
        var payload = new byte[StrKey.MaxPayloadLength];
        StrKey.TryDecode(text, payload, out _, out var length).ShouldBe(expected);
        length.ShouldBe(0);
        Enum.GetValues<StrKeyKind>().ShouldAllBe(kind => !StrKey.IsValid(text, kind));
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public void Every_single_wrong_character_is_noticed(StrKeyKind kind, string text, string hex)
    {
        hex.ShouldNotBeEmpty();
        for (var position = 0; position < text.Length; position++)
        {
            var wrong = text.ToCharArray();
            wrong[position] = wrong[position] == 'A' ? 'B' : 'A';
            StrKey.IsValid(new string(wrong), kind).ShouldBeFalse();
        }
    }

    [Fact]
    public void A_payload_that_breaks_the_rules_of_its_kind_is_not_encoded()
    {
        Should.Throw<ArgumentException>(() => StrKey.Encode(StrKeyKind.AccountId, new byte[31]));
        Should.Throw<ArgumentException>(() => StrKey.Encode(StrKeyKind.ClaimableBalance, new byte[32]));
        Should.Throw<ArgumentException>(() => StrKey.Encode(StrKeyKind.SignedPayload, new byte[40]));
        Should.Throw<ArgumentException>(() => StrKey.Encode((StrKeyKind)1, new byte[32]));
    }

    [Fact]
    public void The_message_about_a_bad_key_does_not_repeat_it()
    {
        const string almostSeed = "SAAACAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4DUPB6NKJ";
        Should.Throw<FormatException>(() => StrKey.Decode(almostSeed, StrKeyKind.SecretSeed))
            .Message.ShouldBe("That is not a StrKey of kind SecretSeed: its checksum does not match.");
    }

    [Fact]
    public void An_account_id_is_parsed_and_printed()
    {
        const string text = "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ";
        AccountId.Parse(text).ToString().ShouldBe(text);
        AccountId.TryParse((string?)null, out _).ShouldBeFalse();
        AccountId.TryParse("MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUQ", out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => AccountId.Parse("GA7QYN"));
    }
}
