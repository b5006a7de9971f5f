using StellarPay.Stellar.Keys;

namespace StellarPay.Stellar.Tests.Keys;

public sealed class GuardedSlotsTests
{
    [Fact]
    public void Each_slot_keeps_its_own_secret()
    {
        using var slots = new GuardedSlots(3, 4);

        slots.Write(0, [1, 2, 3, 4]);
        slots.Write(2, [9, 8, 7, 6]);

        Read(slots, 0).ShouldBe([1, 2, 3, 4]);
        Read(slots, 1).ShouldBe([0, 0, 0, 0]);
        Read(slots, 2).ShouldBe([9, 8, 7, 6]);
    }

    [Fact]
    public void A_wiped_slot_is_all_zero_and_its_neighbours_are_not()
    {
        using var slots = new GuardedSlots(2, 2);
        slots.Write(0, [1, 2]);
        slots.Write(1, [3, 4]);

        slots.Wipe(0);

        Read(slots, 0).ShouldBe([0, 0]);
        Read(slots, 1).ShouldBe([3, 4]);
    }

    [Fact]
    public void A_slot_or_length_that_is_not_there_is_refused()
    {
        using var slots = new GuardedSlots(2, 2);

        Should.Throw<ArgumentOutOfRangeException>(() => slots.Write(2, [1, 2]));
        Should.Throw<ArgumentOutOfRangeException>(() => slots.Wipe(-1));
        Should.Throw<ArgumentException>(() => slots.Write(0, [1])).Message.ShouldBe("A secret here is 2 bytes.");
        Should.Throw<ArgumentOutOfRangeException>(() => new GuardedSlots(0, 2));
    }

    [Fact]
    public void What_was_given_back_cannot_be_read()
    {
        var slots = new GuardedSlots(1, 2);
        slots.Dispose();

        Should.Throw<ObjectDisposedException>(() => Read(slots, 0));
    }

    private static byte[] Read(GuardedSlots slots, int slot)
    {
        var copy = new byte[slots.Length];
        slots.Read(slot, copy);
        return copy;
    }
}
