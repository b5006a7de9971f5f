using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Tests.Xdr;

public sealed class PrimitiveTests
{
    [Fact]
    public void Numbers_are_big_endian()
    {
        using var writer = new XdrWriter();

        writer.WriteUInt32(0x01020304);
        writer.WriteInt32(-2);
        writer.WriteUInt64(0x0102030405060708);
        writer.WriteInt64(long.MinValue);
        writer.WriteBool(true);

        Convert.ToHexStringLower(writer.Written)
            .ShouldBe("01020304" + "fffffffe" + "0102030405060708" + "8000000000000000" + "00000001");
        var reader = new XdrReader(writer.Written);
        reader.ReadUInt32().ShouldBe(0x01020304u);
        reader.ReadInt32().ShouldBe(-2);
        reader.ReadUInt64().ShouldBe(0x0102030405060708u);
        reader.ReadInt64().ShouldBe(long.MinValue);
        reader.ReadBool().ShouldBeTrue();
        reader.End();
    }

    [Theory]
    [InlineData("", "00000000")]
    [InlineData("01", "0000000101000000")]
    [InlineData("010203", "0000000301020300")]
    [InlineData("01020304", "0000000401020304")]
    [InlineData("0102030405", "000000050102030405000000")]
    public void Bytes_are_padded_with_zeros_to_a_multiple_of_four(string hex, string xdr)
    {
        using var writer = new XdrWriter();

        writer.WriteVariable(Convert.FromHexString(hex));

        Convert.ToHexStringLower(writer.Written).ShouldBe(xdr);
        var reader = new XdrReader(writer.Written);
        Convert.ToHexStringLower(reader.ReadVariable()).ShouldBe(hex);
        reader.End();
    }

    [Fact]
    public void The_buffer_grows_with_what_is_written_and_can_be_used_again()
    {
        using var writer = new XdrWriter();
        var big = Enumerable.Range(0, 100_001).Select(i => (byte)i).ToArray();

        writer.WriteUInt32(7);
        writer.WriteFixed(big);
        writer.Written.Length.ShouldBe(4 + 100_004);
        writer.Written[4..100_005].SequenceEqual(big).ShouldBeTrue();
        writer.Written[^3..].ToArray().ShouldBe(new byte[3]);

        writer.Clear();
        writer.WriteUInt32(8);
        Convert.ToHexStringLower(writer.Written).ShouldBe("00000008");
    }

    [Fact]
    public void A_disposed_writer_refuses_to_write()
    {
        var writer = new XdrWriter();
        writer.Dispose();

        Should.Throw<ObjectDisposedException>(() => writer.WriteUInt32(1));
    }

    [Fact]
    public void What_is_too_long_for_its_type_is_not_written()
    {
        var memo = new MemoText("twenty-nine bytes are one more");

        Should.Throw<XdrException>(() => memo.ToXdr()).Message.ShouldBe("A length of 30 is above the limit of 28.");
    }

    [Fact]
    public void A_result_without_what_its_code_calls_for_is_not_written() =>
        Should.Throw<XdrException>(() => new AccountMergeResult(AccountMergeResultCode.Success).ToXdr())
            .Message.ShouldBe("The result lacks what its code calls for.");

    [Theory]
    [InlineData("AAAA AAA=")]
    [InlineData("AAAAAA==\n")]
    [InlineData("AAAAAA")]
    [InlineData("AAAA*A==")]
    public void Text_that_is_not_base64_is_refused(string text) =>
        Should.Throw<XdrException>(() => Memo.FromXdrBase64(text)).Message.ShouldBe("The text is not base64.");

    [Fact]
    public void Base64_is_read_and_written()
    {
        Memo.FromXdrBase64("AAAAAA==").ShouldBe(Memo.None);
        new MemoText("hi").ToXdrBase64().ShouldBe("AAAAAQAAAAJoaQAA");
    }
}
