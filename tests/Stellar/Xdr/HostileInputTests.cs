using System.Buffers.Binary;
using StellarPay.Bench.Fuzzing;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Tests.Xdr;

public sealed class HostileInputTests
{
    [Theory]
    [InlineData("000000", "The XDR ends too early: 4 bytes are wanted, 3 are left.")]
    [InlineData("00000005", "5 is no MemoType.")]
    [InlineData("ffffffff", "-1 is no MemoType.")]
    [InlineData("0000000000", "1 bytes follow the value.")]
    [InlineData("000000010000001d", "A length of 29 is above the limit of 28.")]
    [InlineData("00000001ffffffff", "A length of 4294967295 is above the limit of 28.")]
    [InlineData("00000001000000026869", "The XDR ends too early: 2 bytes are wanted, 0 are left.")]
    [InlineData("0000000100000002686900ff", "Padding bytes must be zero.")]
    [InlineData("00000001000000026869ff00", "Padding bytes must be zero.")]
    public void A_damaged_memo_is_refused_with_the_reason(string hex, string message) =>
        Should.Throw<XdrException>(() => Memo.FromXdr(Convert.FromHexString(hex))).Message.ShouldBe(message);

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    [InlineData(0x01000000)]
    public void A_boolean_is_zero_or_one(int value) =>
        Should.Throw<XdrException>(() => ScVal.FromXdr(Words(0, value))).Message
            .ShouldBe($"{(uint)value} is no boolean.");

    [Fact]
    public void The_kinds_of_keys_that_do_not_belong_are_refused()
    {
        // A muxed account that is a hash, a signer that is a muxed account, an account that is a hash.
        var key = new byte[32];
        Should.Throw<XdrException>(() => MuxedAccount.FromXdr([.. Words(1), .. key])).Message
            .ShouldBe("1 is no muxed account type.");
        Should.Throw<XdrException>(() => SignerKey.FromXdr([.. Words(0x100), .. new byte[8], .. key])).Message
            .ShouldBe("256 is no signer key type.");
        Should.Throw<XdrException>(() => AccountId.FromXdr([.. Words(1), .. key])).Message
            .ShouldBe("1 is no public key type.");
        Should.Throw<XdrException>(() => MuxedAccount.FromXdr([.. Words(0x50), .. key])).Message
            .ShouldBe("80 is no CryptoKeyType.");
    }

    [Fact]
    public void Pool_shares_are_no_asset() =>
        Should.Throw<XdrException>(() => Asset.FromXdr([.. Words(3), .. new byte[32]])).Message
            .ShouldBe("3 is no asset code type.");

    [Fact]
    public void An_inner_transaction_cannot_itself_be_a_fee_bump() =>
        Should.Throw<XdrException>(() => InnerTransactionResult.FromXdr(Words(0, 0, 1, 0))).Message
            .ShouldBe("1 is no result code of an inner transaction.");

    [Fact]
    public void Only_extensions_that_exist_are_read() =>
        Should.Throw<XdrException>(() => TransactionResult.FromXdr(Words(0, 0, -5, 1))).Message
            .ShouldBe("1 is no known extension.");

    [Theory]
    [InlineData(XdrReader.MaxDepth, true)]
    [InlineData(XdrReader.MaxDepth + 1, false)]
    [InlineData(1_000_000, false)]
    public void Nesting_has_an_end(int depth, bool accepted)
    {
        // One vector in the next, each of one element; innermost nothing.
        byte[] vectors = [.. Enumerable.Repeat(Words(16, 1, 1), depth - 1).SelectMany(w => w), .. Words(1)];
        byte[] predicates = [.. Enumerable.Repeat(Words(3, 1), depth - 1).SelectMany(w => w), .. Words(0)];

        if (accepted)
        {
            ScVal.FromXdr(vectors).ToXdr().ShouldBe(vectors);
            ClaimPredicate.FromXdr(predicates).ToXdr().ShouldBe(predicates);
            return;
        }

        Should.Throw<XdrException>(() => ScVal.FromXdr(vectors)).Message
            .ShouldBe("The XDR is nested deeper than 200 levels.");
        Should.Throw<XdrException>(() => ClaimPredicate.FromXdr(predicates)).Message
            .ShouldBe("The XDR is nested deeper than 200 levels.");
    }

    [Fact]
    public void A_list_longer_than_the_input_allocates_nothing()
    {
        var input = Words(16, 1, int.MaxValue);
        Should.Throw<XdrException>(() => ScVal.FromXdr(input));

        Allocated(() => Should.Throw<XdrException>(() => ScVal.FromXdr(input))).ShouldBeLessThan(64 * 1024);
    }

    [Fact]
    public void Nested_lists_cannot_each_claim_the_whole_rest()
    {
        // 150 vectors, each claiming as many elements as the megabyte behind it could hold.
        const int Tail = 1 << 20;
        byte[] input =
        [
            .. Enumerable.Range(0, 150).SelectMany(i => Words(16, 1, (Tail / 4) + ((149 - i) * 3))),
            .. new byte[Tail],
        ];

        Allocated(() => Should.Throw<XdrException>(() => ScVal.FromXdr(input))).ShouldBeLessThan(4 * Tail);
    }

    [Fact]
    public void Every_value_that_is_cut_short_is_refused()
    {
        foreach (var sample in XdrSamples.All)
        {
            var xdr = sample.Encode();
            for (var length = 0; length < xdr.Length; length++)
            {
                var prefix = xdr[..length];
                Should.Throw<XdrException>(() => sample.Recode(prefix), $"{sample}, {length} bytes");
            }
        }
    }

    [Fact]
    public void Every_value_with_bytes_behind_it_is_refused()
    {
        foreach (var sample in XdrSamples.All)
            Should.Throw<XdrException>(() => sample.Recode([.. sample.Encode(), 0, 0, 0, 0]), sample.ToString());
    }

    private static byte[] Words(params ReadOnlySpan<int> words)
    {
        var bytes = new byte[words.Length * 4];
        for (var i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(i * 4), words[i]);
        return bytes;
    }

    private static long Allocated(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
