using System.Text;
using StellarPay.Sandbox.Storage;

namespace StellarPay.Sandbox.Tests.Storage;

public sealed class LedgerLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-log").FullName;

    private string Log => Path.Combine(_folder, "ledgers.log");

    [Fact]
    public void What_was_appended_is_read_again_in_order()
    {
        Append(1, "one", "two", "three");
        Read().ShouldBe(["1 one", "2 two", "3 three"]);
        Append(4, "four");
        Read().ShouldBe(["1 one", "2 two", "3 three", "4 four"]);
    }

    [Fact]
    public void A_log_in_use_is_not_opened_again()
    {
        using var log = LedgerLog.Open(Log, (_, _) => { });
        Should.Throw<SandboxDataException>(Read).Message
            .ShouldStartWith($"The ledger log '{Log}' cannot be opened; another sandbox may be using it:");
    }

    [Fact]
    public void A_record_cut_short_at_any_byte_is_taken_away_and_the_next_one_takes_its_place()
    {
        Append(1, "one", "two");
        var whole = File.ReadAllBytes(Log);
        var second = whole.Length / 2;
        for (var length = second + 1; length < whole.Length; length++)
        {
            File.WriteAllBytes(Log, whole[..length]);
            Read().ShouldBe(["1 one"], $"cut at {length}");
            new FileInfo(Log).Length.ShouldBe(second);
        }

        Append(2, "again");
        Read().ShouldBe(["1 one", "2 again"]);
    }

    [Fact]
    public void Zeros_at_the_end_as_a_file_system_leaves_them_after_power_loss_are_taken_away()
    {
        Append(1, "one");
        File.AppendAllBytes(Log, new byte[4096]);
        Read().ShouldBe(["1 one"]);
    }

    [Fact]
    public void Damage_in_any_byte_before_an_intact_record_is_refused_by_name_and_changes_nothing()
    {
        Append(1, "one", "two", "three");
        var whole = File.ReadAllBytes(Log);
        // Each record is its header of 16 bytes and its text; the second begins after the first.
        var second = RecordHeader.Size + "one".Length;
        for (var at = second; at < second + RecordHeader.Size + "two".Length; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0x40;
            File.WriteAllBytes(Log, damaged);
            Should.Throw<SandboxDataException>(Read).Message.ShouldStartWith(
                $"The ledger log '{Log}' is damaged at byte {second}, after ledger 1: an intact record follows at byte ");
            File.ReadAllBytes(Log).ShouldBe(damaged);
        }
    }

    [Fact]
    public void A_cleared_log_begins_again()
    {
        using (var log = LedgerLog.Open(Log, (_, _) => { }))
        {
            log.Append(1, "one"u8);
            log.Clear();
            log.Append(7, "seven"u8);
        }

        Read().ShouldBe(["7 seven"]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Append(uint first, params string[] texts)
    {
        using var log = LedgerLog.Open(Log, (_, _) => { });
        for (var i = 0; i < texts.Length; i++)
        {
            log.Append(first + (uint)i, Encoding.UTF8.GetBytes(texts[i]));
        }
    }

    private List<string> Read()
    {
        var records = new List<string>();
        LedgerLog.Open(Log, (sequence, payload) => records.Add($"{sequence} {Encoding.UTF8.GetString(payload.Span)}"))
            .Dispose();
        return records;
    }
}
