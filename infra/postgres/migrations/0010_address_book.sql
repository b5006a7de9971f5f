-- Which addresses on the network are wallets of ours. An address belongs to one wallet for ever.
CREATE TABLE address_book (
    service_id text        NOT NULL,
    address    text        NOT NULL,
    wallet_id  text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- The follower's look-up of the addresses of a batch, and the refusal of a second owner.
    CONSTRAINT address_book_pkey PRIMARY KEY (service_id, address)
);

-- The addresses of a user's wallet: deny_list_names, by which a user on the deny list is recognised.
CREATE INDEX address_book_wallet_idx ON address_book (service_id, wallet_id);

CREATE TRIGGER address_book_insert_once
    BEFORE UPDATE ON address_book
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Returns the wallet whose the address is: the given one, unless another was there before.
CREATE FUNCTION address_register(p_service_id text, p_address text, p_wallet_id text) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO address_book (service_id, address, wallet_id) VALUES (p_service_id, p_address, p_wallet_id)
    ON CONFLICT DO NOTHING;
    RETURN (SELECT a.wallet_id FROM address_book a WHERE a.service_id = p_service_id AND a.address = p_address);
END
$$;
