using StellarPay.Frontdoor.Messages;

namespace StellarPay.Frontdoor.Tests.Messages;

public sealed class SmtpTests
{
    private static readonly Message Hello =
        new("msg_0001", MessageChannel.Email, "ada@example.com", "Your StellarPay code", "12345678 is your code.\n", "12345678");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_goes_to_the_server_with_an_id_that_stays_the_same()
    {
        await using var server = SmtpServer.Start();

        await server.NewTransport().SendAsync(Hello, Cancelled);
        await server.NewTransport().SendAsync(Hello, Cancelled);

        server.Mails.Count.ShouldBe(2);
        foreach (var mail in server.Mails)
        {
            mail.From.ShouldBe("<no-reply@pay.example>");
            mail.To.ShouldBe("<ada@example.com>");
            mail.Text.ShouldContain("Subject: Your StellarPay code");
            mail.Text.ShouldContain("Message-Id: <msg_0001@pay.example>");
            mail.Text.ShouldContain("12345678 is your code.");
        }
    }

    [Fact]
    public async Task A_mailbox_that_is_not_there_is_refused_for_good()
    {
        await using var server = SmtpServer.Start(recipient: "550 no such user here");

        await Should.ThrowAsync<MessageRefusedException>(() => server.NewTransport().SendAsync(Hello, Cancelled));
    }

    [Theory]
    [InlineData("450 mailbox busy")]
    [InlineData("421 shutting down")]
    public async Task A_mailbox_that_is_busy_is_for_later(string answer)
    {
        await using var server = SmtpServer.Start(recipient: answer);

        var failure = await Should.ThrowAsync<Exception>(() => server.NewTransport().SendAsync(Hello, Cancelled));

        failure.ShouldNotBeOfType<MessageRefusedException>();
    }

    [Fact]
    public async Task A_server_without_TLS_is_sent_nothing_where_TLS_is_asked_for()
    {
        await using var server = SmtpServer.Start();

        var failure = await Should.ThrowAsync<Exception>(
            () => server.NewTransport(SmtpSecurity.StartTls).SendAsync(Hello with { To = "ü@example.com" }, Cancelled));

        failure.ShouldNotBeOfType<MessageRefusedException>("the operator has set it wrong; the recipient is not at fault");
        server.Mails.ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_the_server_takes_international_addresses_they_go_as_they_are()
    {
        await using var server = SmtpServer.Start();

        await server.NewTransport().SendAsync(Hello with { To = "ü@xn--bcher-kva.example" }, Cancelled);

        server.Mails.Single().To.ShouldStartWith("<ü@");
    }
}
