-- Who may use /v1/admin. A role is given and taken by whoever runs the installation (`./stellarpay admin`), never by the
-- API, and an access token carries the role that its user had when it was signed.
ALTER TABLE identity.users
    ADD COLUMN role text NOT NULL DEFAULT 'user',
    ADD CONSTRAINT users_role_known CHECK (role IN ('user', 'admin'));

-- The administrators, for `./stellarpay admin list`: a few among many users.
CREATE INDEX users_admins_idx ON identity.users (created_at) WHERE role = 'admin';
