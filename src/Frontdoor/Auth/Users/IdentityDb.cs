using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>The users' table as infra/postgres/migrations/0015_users.sql made it.</summary>
internal sealed class IdentityDb(DbContextOptions<IdentityDb> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<User>(MapUsers);

    private static void MapUsers(EntityTypeBuilder<User> user)
    {
        user.ToTable("users", "identity");
        user.HasKey(u => u.Id);
        user.Property(u => u.Id).HasColumnName("id").ValueGeneratedNever();
        user.Property(u => u.SealedEmail).HasColumnName("email");
        user.Property(u => u.EmailIndex).HasColumnName("email_index");
        user.Property(u => u.EmailConfirmed).HasColumnName("email_confirmed");
        user.Property(u => u.SealedPhone).HasColumnName("phone_number");
        user.Property(u => u.PhoneIndex).HasColumnName("phone_index");
        user.Property(u => u.PhoneNumberConfirmed).HasColumnName("phone_number_confirmed");
        user.Property(u => u.PasswordHash).HasColumnName("password_hash");
        user.Property(u => u.SecurityStamp).HasColumnName("security_stamp");
        user.Property(u => u.ConcurrencyStamp).HasColumnName("concurrency_stamp").IsConcurrencyToken();
        user.Property(u => u.TwoFactorEnabled).HasColumnName("two_factor_enabled");
        user.Property(u => u.CreatedAt).HasColumnName("created_at");

        // Set by Administrators alone: a user who is saved for another reason keeps the role that the database has.
        IsSetElsewhere(user.Property(u => u.Role).HasColumnName("role"));

        // Set by the codes that prove it (contact_confirm): a user who is saved for another reason stays as he is.
        IsSetElsewhere(user.Property(u => u.EmailConfirmed));
        IsSetElsewhere(user.Property(u => u.PhoneNumberConfirmed));

        // Set by what adds and removes factors (second_factor_settle).
        IsSetElsewhere(user.Property(u => u.TwoFactorEnabled));

        // Counted by login_attempt_take and its kin, so that attempts at once are all counted.
        user.Ignore(u => u.LockoutEnabled);
        user.Ignore(u => u.LockoutEnd);
        user.Ignore(u => u.AccessFailedCount);

        // What Identity knows in clear is stored encrypted, and found by its index.
        user.Ignore(u => u.Email);
        user.Ignore(u => u.NormalizedEmail);
        user.Ignore(u => u.PhoneNumber);

        // People log in by e-mail or phone; there are no user names.
        user.Ignore(u => u.UserName);
        user.Ignore(u => u.NormalizedUserName);
        user.Ignore(u => u.UserId);
        user.Ignore(u => u.HasConfirmedContact);
    }

    private static void IsSetElsewhere<T>(PropertyBuilder<T> property)
    {
        property.ValueGeneratedOnAddOrUpdate();
        property.Metadata.SetBeforeSaveBehavior(PropertySaveBehavior.Ignore);
        property.Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
    }
}
