using StellarPay.Adapters.Settings;
using StellarPay.Silo.Hosting;
using StellarPay.Tests.Shared;

namespace StellarPay.Frontdoor.Tests.Silos;

public sealed class OrleansDatabaseTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task A_session_that_is_idle_in_a_transaction_is_ended_however_often_it_has_changed_hands()
    {
        var settings = new StellarPaySettings { Postgres = $"{database.ConnectionString};Maximum Pool Size=1", PostgresIdleSeconds = 7 };
        await using var orleans = new OrleansDatabase(settings);
        for (var time = 0; time < 3; time++)
        {
            await using var show = orleans.Source.CreateCommand("SHOW idle_in_transaction_session_timeout");
            (await show.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe("7s");
        }
    }
}
