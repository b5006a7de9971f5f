using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;

namespace StellarPay.Adapters.Tests.Postgres;

public sealed class PostgresSettingsTests
{
    [Theory]
    [InlineData("", "STELLARPAY_POSTGRES is missing: the connection string of the PostgreSQL database.")]
    [InlineData("Host=127.0.0.1", "STELLARPAY_POSTGRES must name a Host and a Database.")]
    [InlineData("Database=stellarpay", "STELLARPAY_POSTGRES must name a Host and a Database.")]
    public void A_wrong_connection_string_is_named(string connectionString, string sentence)
    {
        using var services = Services(connectionString);

        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<NpgsqlDataSource>())
            .Failures.ShouldHaveSingleItem().ShouldContain(sentence);
    }

    [Fact]
    public void A_connection_string_that_cannot_be_read_is_named_without_its_password()
    {
        using var services = Services("Host=127.0.0.1;Database=x;Password=s3cret;Port=many");

        var failure = Should.Throw<OptionsValidationException>(() => services.GetRequiredService<NpgsqlDataSource>())
            .Failures.ShouldHaveSingleItem();
        failure.ShouldContain("STELLARPAY_POSTGRES is not a connection string: ");
        failure.ShouldNotContain("s3cret");
    }

    private static ServiceProvider Services(string connectionString) =>
        new ServiceCollection()
            .AddLogging()
            .AddStellarPayPostgres(options => options.ConnectionString = connectionString)
            .BuildServiceProvider();
}
