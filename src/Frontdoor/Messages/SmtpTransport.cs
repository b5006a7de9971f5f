using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace StellarPay.Frontdoor.Messages;

/// <summary>Gives e-mails to a mail server.</summary>
internal sealed class SmtpTransport(SmtpSettings settings) : IMessageTransport
{
    private const int FirstPermanent = 500;

    public MessageChannel Channel => MessageChannel.Email;

    public async Task SendAsync(Message message, CancellationToken cancellationToken)
    {
        using var mail = new MimeMessage();
        mail.From.Add(new MailboxAddress("StellarPay", settings.From));
        mail.To.Add(new MailboxAddress("", message.To));
        mail.Subject = message.Subject;
        // The same for each attempt, so that a mail that comes twice is shown once.
        mail.MessageId = $"{message.Id}@{settings.From[(settings.From.IndexOf('@', StringComparison.Ordinal) + 1)..]}";
        // No answering machine answers it (RFC 3834).
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        mail.Body = new TextPart("plain") { Text = message.Text };
        using var client = new SmtpClient();
        await client.ConnectAsync(
            settings.Host,
            settings.Port,
            settings.Security switch
            {
                SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
                SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
                _ => SecureSocketOptions.None,
            },
            cancellationToken);
        if (settings.User.Length > 0)
        {
            await client.AuthenticateAsync(settings.User, settings.Password, cancellationToken);
        }

        try
        {
            await client.SendAsync(mail, cancellationToken);
        }
        catch (SmtpCommandException e) when (e.ErrorCode == SmtpErrorCode.RecipientNotAccepted && (int)e.StatusCode >= FirstPermanent)
        {
            throw new MessageRefusedException($"The mail server has no such recipient ({(int)e.StatusCode}).", e);
        }
        catch (NotSupportedException e)
        {
            throw new MessageRefusedException("The mail server takes no internationalised addresses.", e);
        }

        // It has been taken; how the conversation ends does not matter.
        await client.DisconnectAsync(quit: true, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
