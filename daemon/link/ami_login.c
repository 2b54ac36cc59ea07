#include "ami_state.h"

#include <openssl/evp.h>
#include <stdio.h>

/* What is said before Asterisk says anything of interest. */

bool ami_login_key(const char *challenge, const char *secret, char ret[AMI_KEY_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char digest[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned length = 0;
	bool good = context != NULL && EVP_DigestInit_ex(context, EVP_md5(), NULL) == 1 &&
	            EVP_DigestUpdate(context, challenge, strlen(challenge)) == 1 &&
	            EVP_DigestUpdate(context, secret, strlen(secret)) == 1 &&
	            EVP_DigestFinal_ex(context, digest, &length) == 1;

	EVP_MD_CTX_free(context);
	if (!good || length != (AMI_KEY_SIZE - 1) / 2)
		return false;
	for (unsigned i = 0; i < length; i++) {
		ret[2 * i] = digits[digest[i] >> 4];
		ret[2 * i + 1] = digits[digest[i] & 15];
	}
	ret[2 * length] = '\0';
	return true;
}

bool ami_login(struct ami_conn *conn, const char *challenge)
{
	struct ami_action action;
	char key[AMI_KEY_SIZE];

	ami_begin(&action, "Login", "login");
	ami_out_field(&action.out, "Username", conn->user);
	if (challenge == NULL) {
		ami_out_field(&action.out, "Secret", conn->secret);
	} else {
		if (!ami_login_key(challenge, conn->secret, key))
			return false;
		ami_out_field(&action.out, "AuthType", "MD5");
		ami_out_field(&action.out, "Key", key);
	}
	ami_out_field(&action.out, "Events", AMI_EVENTS);
	return ami_say(conn, &action);
}

/* Of the classes that we want these are none, but a site may have put them there. Who is not
 * allowed to filter does without. */
void ami_filter(struct ami_conn *conn)
{
	static const char *const others[] = { "!Event: VarSet", "!Event: Newexten",
		                              "!Event: RTCP" };
	struct ami_action action;

	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		ami_begin(&action, "Filter", "filter");
		ami_out_field(&action.out, "Operation", "Add");
		ami_out_field(&action.out, "Filter", others[i]);
		(void)!ami_say(conn, &action);
	}
}
