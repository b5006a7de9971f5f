using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Tests.Xdr;

public sealed class ValueTests
{
    private const string Ascending = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    [Fact]
    public void A_hash_keeps_its_bytes_in_order()
    {
        var hash = Hash.FromHex(Ascending);

        hash.ToString().ShouldBe(Ascending);
        hash.ToArray().ShouldBe(Convert.FromHexString(Ascending));
        hash.ToXdr().ShouldBe(Convert.FromHexString(Ascending));
        new Hash(hash.ToArray()).ShouldBe(hash);
    }

    [Fact]
    public void Hashes_are_ordered_as_their_bytes_are()
    {
        for (var i = 0; i < Hash.Size; i++)
        {
            var bytes = new byte[Hash.Size];
            bytes[i] = 0x7f;
            var small = new Hash(bytes);
            bytes[i] = 0x80;
            var large = new Hash(bytes);

            small.CompareTo(large).ShouldBeLessThan(0);
            large.CompareTo(small).ShouldBeGreaterThan(0);
            (small == large).ShouldBeFalse();
        }
    }

    [Fact]
    public void A_hash_has_32_bytes()
    {
        Should.Throw<ArgumentException>(() => new Hash(new byte[31]));
        Should.Throw<FormatException>(() => Hash.FromHex("00"));
    }

    [Fact]
    public void Bytes_and_lists_equal_others_with_the_same_content()
    {
        Bytes a = [1, 2, 3];
        Bytes b = [1, 2, 3];
        a.ShouldBe(b);
        a.GetHashCode().ShouldBe(b.GetHashCode());
        default(Bytes).ShouldBe([]);
        a.CompareTo([1, 2]).ShouldBeGreaterThan(0);

        ValueList<Memo> list = [new MemoId(1), new MemoText("x")];
        ValueList<Memo> same = [new MemoId(1), new MemoText("x")];
        ValueList<Memo> other = [new MemoText("x"), new MemoId(1)];
        (list == same).ShouldBeTrue();
        (list == other).ShouldBeFalse();
        list.GetHashCode().ShouldBe(same.GetHashCode());
        default(ValueList<Memo>).ShouldBe([]);
    }

    [Fact]
    public void A_list_does_not_change_with_what_it_was_made_from()
    {
        var memos = new Memo[] { new MemoId(1) };
        var list = memos.ToValueList();
        memos[0] = Memo.None;

        list[0].ShouldBe(new MemoId(1));
    }

    [Fact]
    public void A_string_that_is_not_UTF8_keeps_its_bytes()
    {
        Bytes bytes = [0xff, 0x61];
        var memo = (MemoText)Memo.FromXdr(new MemoText(new XdrString(bytes)).ToXdr());

        memo.Text.Bytes.ShouldBe(bytes);
        memo.Text.IsUtf8.ShouldBeFalse();
        memo.Text.ToString().ShouldBe("\uFFFDa");
    }

    [Theory]
    [InlineData("U", AssetType.CreditAlphanum4)]
    [InlineData("USDC", AssetType.CreditAlphanum4)]
    [InlineData("USDCX", AssetType.CreditAlphanum12)]
    [InlineData("ABCDEFGHIJK9", AssetType.CreditAlphanum12)]
    public void An_asset_code_takes_the_shortest_kind(string text, AssetType type)
    {
        var code = AssetCode.Parse(text);

        code.Type.ShouldBe(type);
        code.ToString().ShouldBe(text);
        code.IsValid.ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("ABCDEFGHIJKLM")]
    [InlineData("US-D")]
    [InlineData("ÚSD")]
    [InlineData("USD ")]
    public void What_is_no_asset_code_is_refused(string text) =>
        Should.Throw<FormatException>(() => AssetCode.Parse(text));

    [Theory]
    [InlineData("55534400", true)]
    [InlineData("00000000", false)]
    [InlineData("55005344", false)]
    [InlineData("5553442d", false)]
    [InlineData("555344430000000000000000", false)]
    [InlineData("555344435800000000000000", true)]
    public void The_ledger_takes_only_letters_and_digits_with_zeros_behind(string hex, bool valid) =>
        new AssetCode(Convert.FromHexString(hex)).IsValid.ShouldBe(valid);

    [Fact]
    public void Assets_are_ordered_by_kind_then_code_then_issuer()
    {
        var low = new AccountId(Hash.FromHex(Ascending));
        var high = new AccountId(Hash.FromHex("ff" + Ascending[2..]));
        Asset[] ordered =
        [
            Asset.Native,
            Asset.Credit("B", high),
            Asset.Credit("USD", low),
            Asset.Credit("USD", high),
            Asset.Credit("AAAAA", low),
        ];

        ordered.Reverse().Order().ShouldBe(ordered);
    }

    [Fact]
    public void A_predicate_is_valid_as_the_ledger_has_it()
    {
        ClaimPredicate always = ClaimUnconditional.Instance;
        ClaimPredicate deep = new ClaimNot(new ClaimNot(new ClaimNot(always)));

        deep.IsValid.ShouldBeTrue();
        new ClaimNot(deep).IsValid.ShouldBeFalse();
        new ClaimAnd([always, always]).IsValid.ShouldBeTrue();
        new ClaimAnd([always]).IsValid.ShouldBeFalse();
        new ClaimOr([]).IsValid.ShouldBeFalse();
        new ClaimNot(null).IsValid.ShouldBeFalse();
        new ClaimBeforeAbsoluteTime(-1).IsValid.ShouldBeFalse();
        new ClaimBeforeRelativeTime(0).IsValid.ShouldBeTrue();
    }

    [Fact]
    public void A_claimable_balance_id_is_written_as_Horizon_does() =>
        new ClaimableBalanceId(Hash.FromHex(Ascending)).ToString().ShouldBe("00000000" + Ascending);
}
