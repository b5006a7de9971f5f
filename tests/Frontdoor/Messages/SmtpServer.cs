using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using StellarPay.Frontdoor.Messages;

namespace StellarPay.Frontdoor.Tests.Messages;

/// <summary>A mail as a server got it.</summary>
internal sealed record ReceivedMail(string From, string To, string Text);

/// <summary>A mail server on this machine that takes what it is given (RFC 5321, RFC 6531).</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _recipient;
    private Task _serving = Task.CompletedTask;

    private SmtpServer(string recipient) => _recipient = recipient;

    public ConcurrentQueue<ReceivedMail> Mails { get; } = [];

    public static SmtpServer Start(string recipient = "250 ok")
    {
        var server = new SmtpServer(recipient);
        server._listener.Start();
        server._serving = server.ServeAsync();
        return server;
    }

    public SmtpTransport NewTransport(SmtpSecurity security = SmtpSecurity.None) => new(new SmtpSettings
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        Security = security,
        From = "no-reply@pay.example",
    });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
        _listener.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await ConverseAsync(client.GetStream());
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
            {
                // The client hung up, or the test is over.
            }
        }
    }

    private async Task ConverseAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 test");
        var (from, to) = ("", "");
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await writer.WriteLineAsync("250-test\r\n250-8BITMIME\r\n250 SMTPUTF8");
                    break;
                case "MAIL":
                    from = line.Split(':', 2)[1].Split(' ')[0];
                    await writer.WriteLineAsync("250 ok");
                    break;
                case "RCPT":
                    to = line.Split(':', 2)[1].Split(' ')[0];
                    await writer.WriteLineAsync(_recipient);
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on");
                    Mails.Enqueue(new ReceivedMail(from, to, await ReadDataAsync(reader)));
                    await writer.WriteLineAsync("250 taken");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                default:
                    await writer.WriteLineAsync("250 ok");
                    break;
            }
        }
    }

    private async Task<string> ReadDataAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
        {
            text.AppendLine(line);
        }

        return text.ToString();
    }
}
