using StellarPay.Adapters.Keys;

namespace StellarPay.Adapters.Tests.Keys;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class LocalKeyRingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stellarpay-keys-").FullName;

    private string RingPath => Path.Combine(_folder, "key-ring.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_first_run_in_development_makes_a_ring_that_only_its_owner_may_read()
    {
        var ring = LocalKeyRing.FromFile(RingPath, mayMake: true);

        File.GetUnixFileMode(RingPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        ring.Find(ring.CurrentKeyId).Length.ShouldBe(32);
        Directory.GetFiles(_folder).ShouldBe([RingPath]);
    }

    [Fact]
    public void A_second_run_reads_the_same_key()
    {
        var first = LocalKeyRing.FromFile(RingPath, mayMake: true);
        var second = LocalKeyRing.FromFile(RingPath, mayMake: true);

        second.CurrentKeyId.ShouldBe(first.CurrentKeyId);
        second.Find(second.CurrentKeyId).ToArray().ShouldBe(first.Find(first.CurrentKeyId).ToArray());
    }

    [Fact]
    public void Outside_development_no_ring_is_made()
    {
        Should.Throw<InvalidOperationException>(() => LocalKeyRing.FromFile(RingPath, mayMake: false))
            .Message.ShouldBe("WALLET_ENCRYPTION_KEY is missing, and a key ring file is made in development only.");
        File.Exists(RingPath).ShouldBeFalse();
    }

    [Fact]
    public void A_ring_that_others_may_read_is_refused()
    {
        LocalKeyRing.FromFile(RingPath, mayMake: true);
        File.SetUnixFileMode(RingPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        Should.Throw<InvalidOperationException>(() => LocalKeyRing.FromFile(RingPath, mayMake: true))
            .Message.ShouldBe($"The key ring {RingPath} is open to other users; run: chmod 600 {RingPath}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"current":"a","keys":{}}""")]
    [InlineData("""{"current":"a","keys":{"a":"00ff"}}""")]
    [InlineData("""{"current":"a","keys":{"a":"not hexadecimal"}}""")]
    public void A_damaged_ring_is_refused_without_quoting_it(string content)
    {
        File.WriteAllText(RingPath, content);
        File.SetUnixFileMode(RingPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Should.Throw<InvalidOperationException>(() => LocalKeyRing.FromFile(RingPath, mayMake: true))
            .Message.ShouldBe($"The key ring {RingPath} is damaged: it must name a current key and 32-byte keys in hexadecimal.");
    }

    [Fact]
    public void Processes_that_start_together_agree_on_one_ring()
    {
        var rings = new LocalKeyRing[8];
        Parallel.For(0, rings.Length, i => rings[i] = LocalKeyRing.FromFile(RingPath, mayMake: true));

        rings.Select(ring => ring.CurrentKeyId).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void A_key_that_is_added_wraps_at_once_and_the_ones_before_still_unwrap()
    {
        var running = LocalKeyRing.FromFile(RingPath, mayMake: true);
        var old = running.CurrentKeyId;

        var added = LocalKeyRingFile.Add(RingPath);

        File.GetUnixFileMode(RingPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(_folder).ShouldBe([RingPath]);
        running.CurrentKeyId.ShouldBe(added);
        running.KeyIds.ShouldBe([old, added], ignoreOrder: true);
        running.Find(old).Length.ShouldBe(32);
        LocalKeyRing.FromFile(RingPath, mayMake: false).CurrentKeyId.ShouldBe(added);
    }

    [Fact]
    public void Additions_that_come_together_lose_no_key()
    {
        LocalKeyRing.FromFile(RingPath, mayMake: true);
        var added = new System.Collections.Concurrent.ConcurrentBag<string>();
        Parallel.For(0, 20, _ =>
        {
            try
            {
                added.Add(LocalKeyRingFile.Add(RingPath));
            }
            catch (IOException)
            {
                // Another was at it; whoever asked asks again.
            }
        });

        LocalKeyRing.FromFile(RingPath, mayMake: false).KeyIds.Count.ShouldBe(added.Count + 1);
        added.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_ring_that_was_damaged_under_a_running_process_wraps_nothing_and_unwraps_what_it_knew()
    {
        var running = LocalKeyRing.FromFile(RingPath, mayMake: true);
        var known = running.CurrentKeyId;
        File.WriteAllText(RingPath, "damaged");
        File.SetLastWriteTimeUtc(RingPath, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Should.Throw<StellarPay.Grains.Keys.KeyEncryptionUnavailableException>(() => running.CurrentKeyId);
        running.Find(known).Length.ShouldBe(32);
    }

    [Fact]
    public void A_key_is_added_to_a_ring_that_is_there_only() =>
        Should.Throw<InvalidOperationException>(() => LocalKeyRingFile.Add(RingPath)).Message
            .ShouldBe($"There is no key ring {RingPath}; it is made at the first start in development.");
}
