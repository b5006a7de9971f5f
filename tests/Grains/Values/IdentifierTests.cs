using System.Text;
using StellarPay.Grains.Identifiers;
using StellarPay.Tests;

namespace StellarPay.Grains.Tests.Values;

public sealed class IdentifierTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_id_is_its_prefix_and_24_characters_and_is_read_back()
    {
        var id = PaymentId.New(TimeProvider.System);

        id.Value.ShouldMatch("^txn_[0-9a-hjkmnp-tv-z]{24}$");
        PaymentId.Parse(id.Value).ShouldBe(id);
        Encoding.UTF8.GetByteCount(id.Value).ShouldBeLessThanOrEqualTo(28);
    }

    [Fact]
    public void Ids_sort_by_the_time_they_were_made()
    {
        var time = new TestClock(Start);
        var ids = new List<string>();
        for (var i = 0; i < 200; i++)
        {
            ids.Add(EventId.New(time).Value);
            time.Advance(TimeSpan.FromMilliseconds(1 + (i * i)));
        }

        ids.ShouldBe(ids.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Ids_of_one_millisecond_differ()
    {
        var time = new TestClock(Start);

        Enumerable.Range(0, 1000).Select(_ => UserId.New(time)).Distinct().Count().ShouldBe(1000);
    }

    [Fact]
    public void A_users_wallet_has_the_users_id_under_its_own_prefix()
    {
        var user = UserId.New(TimeProvider.System);

        WalletId.Of(user).Value.ShouldBe("wal_" + user.Value["usr_".Length..]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("txn_")]
    [InlineData("usr_06gzkkz465m277ejts5xvbja")]
    [InlineData("txn_06gzkkz465m277ejts5xvbj")]
    [InlineData("txn_06gzkkz465m277ejts5xvbjaa")]
    [InlineData("txn_06GZKKZ465M277EJTS5XVBJA")]
    [InlineData("txn_06gzkkz465m277ejts5xvbji")]
    [InlineData("txn_06gzkkz465m277ejts5xvb a")]
    [InlineData("TXN_06gzkkz465m277ejts5xvbja")]
    public void Any_other_text_is_refused(string? text)
    {
        PaymentId.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => PaymentId.Parse(text))
            .Message.ShouldBe("Not a payment id: expected 'txn_' and 24 characters of [0-9a-z].");
    }
}
